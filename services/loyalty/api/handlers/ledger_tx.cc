#include "services/loyalty/api/handlers/ledger_tx.h"

#include "common/feed/event_record.h"
#include "common/handler/write_tx.h"
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
  const WriteScope scope{.customer_id = command.customer_id.value(),
                         .validate_only = command.validate_only};
  return RunWriteTx(api, call, scope, [&](sql::Tx& tx) -> absl::StatusOr<bool> {
    CLIENTELE_ASSIGN_OR_RETURN(const Program program, LoadProgram(tx, api.configured_program));
    LedgerAttempt attempt{tx, program, api.BusinessNow(), api.RecordNow()};
    CLIENTELE_RETURN_IF_ERROR(work(attempt));
    return attempt.wrote_events;
  });
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
