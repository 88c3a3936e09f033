#include "services/loyalty/api/handlers/ledger_writes.h"

#include <optional>
#include <string>

#include "common/status/macros.h"
#include "services/loyalty/api/converters/ledger_proto.h"
#include "services/loyalty/api/handlers/ledger_tx.h"
#include "services/loyalty/api/validation/requests.h"
#include "services/loyalty/domain/errors.h"
#include "services/loyalty/store/ledger_store.h"
#include "services/loyalty/store/member_store.h"

namespace clientele::loyalty {
namespace {

// The answer to a request whose entry was made now or before.
v1::LedgerEntry AnswerOf(const LedgerCommand& command, const Entry& entry) {
  v1::LedgerEntry answer = ToProto(command.customer_id, entry);
  if (command.validate_only) {
    answer.clear_transaction_id();
  }
  return answer;
}

EntryCause CauseOf(const LedgerCommand& command) {
  return RequestCause(command.request_id, command.content_hash, command.reason, command.reference);
}

// Redeem and Adjust differ in what they plan only.
template <typename Plan>
absl::StatusOr<v1::LedgerEntry> PostRequest(const ApiContext& api, rpc::CallContext& call,
                                            const LedgerCommand& command, Plan plan) {
  v1::LedgerEntry response;
  const absl::Status status =
      RunLedgerTx(api, call, command, [&](LedgerAttempt& attempt) -> absl::Status {
        CLIENTELE_ASSIGN_OR_RETURN(const std::optional<Entry> made,
                                   FindReplay(attempt.tx, command));
        if (made.has_value()) {
          call.replayed = true;
          response = ToProto(command.customer_id, *made);
          return absl::OkStatus();
        }
        CLIENTELE_ASSIGN_OR_RETURN(
            const std::optional<Reversal> used_by_reverse,
            FindReversalByRequest(attempt.tx, command.customer_id, command.request_id));
        if (used_by_reverse.has_value()) {
          return RequestIdReused(command.request_id);
        }
        CLIENTELE_ASSIGN_OR_RETURN(std::optional<LedgerBook> book,
                                   LoadCurrentBook(attempt, command.customer_id));
        if (!book.has_value()) {
          return MemberNotFound(command.customer_id);
        }
        CLIENTELE_RETURN_IF_ERROR(plan(*book, attempt.time(), CauseOf(command)));
        response = AnswerOf(command, book->entries().back());
        return command.validate_only ? absl::OkStatus() : SaveBook(api, attempt, *book);
      });
  if (!status.ok()) {
    return status;
  }
  return response;
}

// What a Reverse answers, now and whenever it is asked again.
absl::StatusOr<v1::ReverseResponse> AnswerOf(sql::Tx& tx, const CustomerId& customer_id,
                                             const Reversal& reversal) {
  v1::ReverseResponse response;
  response.set_outcome(static_cast<v1::ReverseResponse::Outcome>(reversal.outcome));
  if (reversal.entry_seq != 0) {
    CLIENTELE_ASSIGN_OR_RETURN(const Entry entry, GetEntry(tx, customer_id, reversal.entry_seq));
    *response.mutable_entry() = ToProto(customer_id, entry);
  }
  return response;
}

// What the same Reverse, or another one of the same original, did before.
absl::StatusOr<std::optional<Reversal>> FindEarlier(sql::Tx& tx, const ReverseCommand& command,
                                                    rpc::CallContext& call) {
  const LedgerCommand& ledger = command.ledger;
  CLIENTELE_ASSIGN_OR_RETURN(std::optional<Reversal> same,
                             FindReversalByRequest(tx, ledger.customer_id, ledger.request_id));
  if (same.has_value()) {
    if (same->content_hash != ledger.content_hash) {
      return RequestIdReused(ledger.request_id);
    }
    call.replayed = true;
    return same;
  }
  // A Redeem or an Adjust with this request_id, or one that was voided.
  CLIENTELE_RETURN_IF_ERROR(FindReplay(tx, ledger).status());
  // A Reverse may have made no entry of its own, and took effect all the same.
  CLIENTELE_ASSIGN_OR_RETURN(
      const std::optional<Reversal> original,
      FindReversalByRequest(tx, ledger.customer_id, command.original_request_id));
  if (original.has_value()) {
    return TransactionNotReversible(EntryKind::kReverse);
  }
  return FindReversalOf(tx, ledger.customer_id, command.original_request_id);
}

// Plans the reversal of `original` on the book; answers what became of it.
absl::StatusOr<ReversalOutcome> UndoIn(LedgerAttempt& attempt, const ReverseCommand& command,
                                       const Entry& original, LedgerBook& book) {
  if (original.kind != EntryKind::kRedeem && original.kind != EntryKind::kAdjust) {
    return TransactionNotReversible(original.kind);
  }
  for (const LotUse& use : original.lot_uses) {
    CLIENTELE_RETURN_IF_ERROR(LoadLotInto(attempt.tx, use.lot_seq, book));
  }
  if (original.is_credit()) {
    CLIENTELE_RETURN_IF_ERROR(LoadLotInto(attempt.tx, original.seq, book));
  }
  return book.Undo(original, attempt.time(), CauseOf(command.ledger))
             ? ReversalOutcome::kReversed
             : ReversalOutcome::kNothingLeft;
}

// Binds this request to what an earlier Reverse of the same original did: its id is used up.
absl::Status RememberRepeat(LedgerAttempt& attempt, const ReverseCommand& command,
                            Reversal earlier) {
  const LedgerCommand& ledger = command.ledger;
  if (ledger.validate_only || earlier.request_id == ledger.request_id) {
    return absl::OkStatus();
  }
  earlier.request_id = ledger.request_id;
  earlier.content_hash = ledger.content_hash;
  return InsertReversal(attempt.tx, ledger.customer_id, earlier, attempt.record_time);
}

// Undoes or voids the original; fills `response`.
absl::Status ReverseNow(const ApiContext& api, LedgerAttempt& attempt,
                        const ReverseCommand& command, v1::ReverseResponse& response) {
  const LedgerCommand& ledger = command.ledger;
  Reversal reversal{command.original_request_id, ledger.request_id, ledger.content_hash,
                    ReversalOutcome::kVoided};
  CLIENTELE_ASSIGN_OR_RETURN(
      const std::optional<Entry> original,
      FindEntryOfRequest(attempt.tx, ledger.customer_id, command.original_request_id));
  CLIENTELE_ASSIGN_OR_RETURN(std::optional<LedgerBook> book,
                             LoadCurrentBook(attempt, ledger.customer_id));
  if (original.has_value() && book.has_value()) {
    CLIENTELE_ASSIGN_OR_RETURN(reversal.outcome, UndoIn(attempt, command, *original, *book));
  }
  if (reversal.outcome == ReversalOutcome::kReversed) {
    reversal.entry_seq = book->entries().back().seq;
    *response.mutable_entry() = AnswerOf(ledger, book->entries().back());
  }
  response.set_outcome(static_cast<v1::ReverseResponse::Outcome>(reversal.outcome));
  if (ledger.validate_only) {
    return absl::OkStatus();
  }
  if (book.has_value() && !book->entries().empty()) {
    CLIENTELE_RETURN_IF_ERROR(SaveBook(api, attempt, *book));
  }
  return InsertReversal(attempt.tx, ledger.customer_id, reversal, attempt.record_time);
}

}  // namespace

absl::StatusOr<v1::LedgerEntry> LedgerWrites::Redeem(rpc::CallContext& call,
                                                     const v1::RedeemRequest& request) const {
  CLIENTELE_ASSIGN_OR_RETURN(const PointsCommand command,
                             Validate(call, api_.request_hash, request));
  return PostRequest(api_, call, command.ledger,
                     [&](LedgerBook& book, PostingTime time, EntryCause cause) {
                       return book.Redeem(command.points, time, std::move(cause));
                     });
}

absl::StatusOr<v1::LedgerEntry> LedgerWrites::Adjust(rpc::CallContext& call,
                                                     const v1::AdjustRequest& request) const {
  CLIENTELE_ASSIGN_OR_RETURN(const PointsCommand command,
                             Validate(call, api_.request_hash, request));
  return PostRequest(api_, call, command.ledger,
                     [&](LedgerBook& book, PostingTime time, EntryCause cause) {
                       return book.Adjust(command.points, time, std::move(cause));
                     });
}

absl::StatusOr<v1::ReverseResponse> LedgerWrites::Reverse(rpc::CallContext& call,
                                                          const v1::ReverseRequest& request) const {
  CLIENTELE_ASSIGN_OR_RETURN(const ReverseCommand command,
                             Validate(call, api_.request_hash, request));
  v1::ReverseResponse response;
  const absl::Status status =
      RunLedgerTx(api_, call, command.ledger, [&](LedgerAttempt& attempt) -> absl::Status {
        response.Clear();
        CLIENTELE_ASSIGN_OR_RETURN(const std::optional<Reversal> earlier,
                                   FindEarlier(attempt.tx, command, call));
        if (!earlier.has_value()) {
          return ReverseNow(api_, attempt, command, response);
        }
        CLIENTELE_ASSIGN_OR_RETURN(response,
                                   AnswerOf(attempt.tx, command.ledger.customer_id, *earlier));
        return RememberRepeat(attempt, command, *earlier);
      });
  if (!status.ok()) {
    return status;
  }
  return response;
}

}  // namespace clientele::loyalty
