#include "services/loyalty/api/handlers/ledger_writes.h"

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "common/rpc/status_mapping.h"
#include "common/status/macros.h"
#include "services/loyalty/api/converters/ledger_proto.h"
#include "services/loyalty/api/handlers/ledger_posting.h"
#include "services/loyalty/api/handlers/ledger_tx.h"
#include "services/loyalty/api/validation/requests.h"
#include "services/loyalty/domain/errors.h"
#include "services/loyalty/store/ledger_store.h"
#include "services/loyalty/store/member_store.h"
#include "services/loyalty/store/request_store.h"

namespace clientele::loyalty {
namespace {

// The answer to a request whose entry is made now.
v1::LedgerEntry AnswerOf(const LedgerCommand& command, const Entry& entry) {
  v1::LedgerEntry answer = ToProto(command.customer_id, entry);
  if (command.validate_only) {
    answer.clear_transaction_id();
  }
  return answer;
}

v1::LedgerEntry AnswerOf(const LedgerPosting& posting) {
  const LedgerCommand& command = posting.command.points.ledger;
  return posting.replayed ? ToProto(command.customer_id, posting.entry)
                          : AnswerOf(command, posting.entry);
}

v1::BatchPostResponse::Result& AddStatus(const ApiContext& api, const absl::Status& status,
                                         v1::BatchPostResponse& response) {
  v1::BatchPostResponse::Result& result = *response.add_results();
  *result.mutable_status() = rpc::ToRpcStatus(status, api.error_domain);
  return result;
}

// `status`: of the transaction that did the posting.
void AddResult(const ApiContext& api, const absl::Status& status, const LedgerPosting& posting,
               v1::BatchPostResponse& response) {
  const absl::Status& outcome = status.ok() ? posting.refusal : status;
  v1::BatchPostResponse::Result& result = AddStatus(api, outcome, response);
  if (outcome.ok()) {
    *result.mutable_entry() = AnswerOf(posting);
    result.set_replayed(posting.replayed);
  }
}

// Whether the posting was made by its transaction, which ended as `status` says.
bool IsNew(const LedgerPosting& posting, const absl::Status& status) {
  return status.ok() && posting.refusal.ok() && !posting.replayed;
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
absl::StatusOr<std::optional<Reversal>> FindEarlier(const RequestHistory& own,
                                                    const RequestHistory& original,
                                                    const ReverseCommand& command,
                                                    rpc::CallContext& call) {
  const LedgerCommand& ledger = command.ledger;
  if (own.reversal_by.has_value()) {
    if (own.reversal_by->content_hash != ledger.content_hash) {
      return RequestIdReused(ledger.request_id);
    }
    call.replayed = true;
    return own.reversal_by;
  }
  // A Redeem or an Adjust with this request_id, or one that was voided.
  CLIENTELE_RETURN_IF_ERROR(FindReplay(own, ledger).status());
  // A Reverse may have made no entry of its own, and took effect all the same.
  if (original.reversal_by.has_value()) {
    return TransactionNotReversible(EntryKind::kReverse);
  }
  return original.reversal_of;
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
  const LedgerCommand& ledger = command.ledger;
  return book.Undo(
             original, attempt.time(),
             RequestCause(ledger.request_id, ledger.content_hash, ledger.reason, ledger.reference))
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
                        const ReverseCommand& command, const std::optional<Entry>& original,
                        v1::ReverseResponse& response) {
  const LedgerCommand& ledger = command.ledger;
  Reversal reversal{command.original_request_id, ledger.request_id, ledger.content_hash,
                    ReversalOutcome::kVoided};
  CLIENTELE_ASSIGN_OR_RETURN(LedgerBooks books,
                             LoadCurrentBooks(attempt, {ledger.customer_id.value()}));
  LedgerBook* const book = books.empty() ? nullptr : &books.begin()->second;
  if (original.has_value() && book != nullptr) {
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
  if (book != nullptr && !book->entries().empty()) {
    CLIENTELE_RETURN_IF_ERROR(SaveWithEvents(api, attempt, {&book, 1}));
  }
  return InsertReversal(attempt.tx, ledger.customer_id, reversal, attempt.record_time);
}

}  // namespace

LedgerWrites::LedgerWrites(const ApiContext& api)
    : api_(api),
      postings_(std::make_unique<sql::GroupCommit>(
          sql::GroupCommitOptions{.commits_max = sql::CommitsMax(api.database.load())},
          [&api](absl::Span<sql::GroupMember* const> members, absl::Time deadline) {
            return CommitPostings(api, members, deadline);
          })) {}

absl::StatusOr<v1::LedgerEntry> LedgerWrites::Redeem(rpc::CallContext& call,
                                                     const v1::RedeemRequest& request) const {
  CLIENTELE_ASSIGN_OR_RETURN(PointsCommand command, Validate(call, api_.request_hash, request));
  return RunPosting(call, {EntryKind::kRedeem, std::move(command)});
}

absl::StatusOr<v1::LedgerEntry> LedgerWrites::Adjust(rpc::CallContext& call,
                                                     const v1::AdjustRequest& request) const {
  CLIENTELE_ASSIGN_OR_RETURN(PointsCommand command, Validate(call, api_.request_hash, request));
  return RunPosting(call, {EntryKind::kAdjust, std::move(command)});
}

absl::StatusOr<v1::LedgerEntry> LedgerWrites::RunPosting(rpc::CallContext& call,
                                                         PostingCommand command) const {
  const bool validate_only = command.points.ledger.validate_only;
  const auto posting =
      std::make_shared<LedgerPosting>(std::move(command), std::make_shared<PostingCall>(call));
  CLIENTELE_RETURN_IF_ERROR(RunPostings(call, {posting}, validate_only).front());
  CLIENTELE_RETURN_IF_ERROR(posting->refusal);
  call.replayed = posting->replayed;
  call.audit_committed = !validate_only;
  return AnswerOf(*posting);
}

absl::StatusOr<v1::BatchPostResponse> LedgerWrites::BatchPost(
    rpc::CallContext& call, const v1::BatchPostRequest& request) const {
  CLIENTELE_ASSIGN_OR_RETURN(std::vector<absl::StatusOr<PostingCommand>> commands,
                             Validate(call, api_.request_hash, request));
  const auto posting_call = std::make_shared<const PostingCall>(call);
  std::vector<std::shared_ptr<LedgerPosting>> postings;
  postings.reserve(commands.size());
  for (absl::StatusOr<PostingCommand>& command : commands) {
    if (command.ok()) {
      postings.push_back(std::make_shared<LedgerPosting>(*std::move(command), posting_call));
    }
  }
  const std::vector<absl::Status> statuses = RunPostings(call, postings, request.validate_only());
  v1::BatchPostResponse response;
  size_t next = 0;
  for (const absl::StatusOr<PostingCommand>& command : commands) {
    if (command.ok()) {
      AddResult(api_, statuses[next], *postings[next], response);
      call.audit_committed = call.audit_committed ||
                             (IsNew(*postings[next], statuses[next]) && !request.validate_only());
      ++next;
    } else {
      AddStatus(api_, command.status(), response);
    }
  }
  return response;
}

std::vector<absl::Status> LedgerWrites::RunPostings(
    rpc::CallContext& call, absl::Span<const std::shared_ptr<LedgerPosting>> postings,
    bool validate_only) const {
  if (!validate_only) {
    return postings_->RunAll({postings.begin(), postings.end()}, call.deadline);
  }
  std::vector<LedgerPosting*> tried;
  tried.reserve(postings.size());
  for (const auto& posting : postings) {
    tried.push_back(posting.get());
  }
  const absl::Status status = RunLedgerTx(
      api_, call, {.validate_only = true},
      [&](LedgerAttempt& attempt) { return Post(api_, attempt, LookUp::kFirst, tried); });
  return std::vector<absl::Status>(postings.size(), status);
}

absl::StatusOr<v1::ReverseResponse> LedgerWrites::Reverse(rpc::CallContext& call,
                                                          const v1::ReverseRequest& request) const {
  CLIENTELE_ASSIGN_OR_RETURN(const ReverseCommand command,
                             Validate(call, api_.request_hash, request));
  const std::string& customer_id = command.ledger.customer_id.value();
  const RequestKey own{customer_id, command.ledger.request_id};
  const RequestKey original{customer_id, command.original_request_id};
  const WriteScope scope{.customer_id = customer_id, .validate_only = command.ledger.validate_only};
  v1::ReverseResponse response;
  CLIENTELE_RETURN_IF_ERROR(
      RunLedgerTx(api_, call, scope, [&](LedgerAttempt& attempt) -> absl::Status {
        response.Clear();
        CLIENTELE_ASSIGN_OR_RETURN(
            const RequestHistories histories,
            LoadRequestHistories(attempt.tx, {own, original}, HistoryScope::kAll));
        CLIENTELE_ASSIGN_OR_RETURN(
            const std::optional<Reversal> earlier,
            FindEarlier(histories.Of(own), histories.Of(original), command, call));
        if (!earlier.has_value()) {
          return ReverseNow(api_, attempt, command, histories.Of(original).entry, response);
        }
        CLIENTELE_ASSIGN_OR_RETURN(response,
                                   AnswerOf(attempt.tx, command.ledger.customer_id, *earlier));
        return RememberRepeat(attempt, command, *earlier);
      }));
  return response;
}

}  // namespace clientele::loyalty
