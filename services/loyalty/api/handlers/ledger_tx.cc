#include "services/loyalty/api/handlers/ledger_tx.h"

#include "common/feed/event_record.h"
#include "common/sql/retry.h"
#include "common/status/macros.h"
#include "services/loyalty/api/converters/event_proto.h"
#include "services/loyalty/domain/errors.h"
#include "services/loyalty/store/ledger_store.h"
#include "services/loyalty/store/member_store.h"
#include "services/loyalty/store/program_store.h"

namespace clientele::loyalty {

absl::Status RunLedgerTx(const ApiContext& api, rpc::CallContext& call,
                         const LedgerCommand& command,
                         absl::FunctionRef<absl::Status(LedgerAttempt&)> work) {
  bool wrote_events = false;
  const auto attempt_once = [&](sql::Tx& tx) -> absl::Status {
    call.replayed = false;
    if (!command.validate_only) {
      CLIENTELE_RETURN_IF_ERROR(LockMembers(tx, {command.customer_id.value()}));
    }
    CLIENTELE_ASSIGN_OR_RETURN(const Program program, LoadProgram(tx, api.configured_program));
    LedgerAttempt attempt{tx, program, api.BusinessNow(), api.RecordNow()};
    CLIENTELE_RETURN_IF_ERROR(work(attempt));
    wrote_events = attempt.wrote_events;
    return absl::OkStatus();
  };
  const sql::TxOptions options = {.deadline = call.deadline};
  if (command.validate_only) {
    return api.database.RunReadOnly(options, attempt_once);
  }
  absl::Status status = sql::RunIdempotent(api.database, options, attempt_once);
  if (status.ok() && wrote_events) {
    api.poke_outbox();
  }
  return status;
}

absl::StatusOr<std::optional<Entry>> FindReplay(sql::Tx& tx, const LedgerCommand& command) {
  CLIENTELE_ASSIGN_OR_RETURN(std::optional<Entry> entry,
                             FindEntryOfRequest(tx, command.customer_id, command.request_id));
  if (entry.has_value()) {
    if (entry->cause.content_hash != command.content_hash) {
      return RequestIdReused(command.request_id);
    }
    return entry;
  }
  CLIENTELE_ASSIGN_OR_RETURN(const std::optional<Reversal> reversal,
                             FindReversalOf(tx, command.customer_id, command.request_id));
  if (reversal.has_value()) {
    return RequestIdVoided(command.request_id);
  }
  return std::nullopt;
}

absl::StatusOr<std::optional<LedgerBook>> LoadCurrentBook(LedgerAttempt& attempt,
                                                          const CustomerId& customer_id) {
  CLIENTELE_ASSIGN_OR_RETURN(std::optional<LedgerBook> book,
                             LoadBook(attempt.tx, attempt.program, customer_id));
  if (book.has_value()) {
    book->ExpireDue(attempt.now, attempt.record_time);
  }
  return book;
}

absl::Status SaveBook(const ApiContext& api, LedgerAttempt& attempt, LedgerBook& book) {
  LedgerBook* const books[] = {&book};
  CLIENTELE_RETURN_IF_ERROR(SaveBooks(attempt.tx, books));
  std::vector<feed::OutboxEvent> rows;
  AppendOutboxEvents(
      book.events(), [&api](const Event& event) { return api.ids.New(event.record_time); }, rows);
  attempt.wrote_events = attempt.wrote_events || !rows.empty();
  return feed::AppendToOutbox(attempt.tx, rows);
}

}  // namespace clientele::loyalty
