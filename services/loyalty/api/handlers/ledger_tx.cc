#include "services/loyalty/api/handlers/ledger_tx.h"

#include "absl/strings/str_cat.h"
#include "common/feed/event_record.h"
#include "common/handler/audit_write.h"
#include "common/sql/retry.h"
#include "common/status/macros.h"
#include "services/loyalty/api/converters/event_proto.h"
#include "services/loyalty/domain/errors.h"
#include "services/loyalty/store/program_store.h"

namespace clientele::loyalty {

absl::Status RunLedgerTx(const ApiContext& api, rpc::CallContext& call, const WriteScope& scope,
                         absl::FunctionRef<absl::Status(LedgerAttempt&)> work) {
  return RunWriteTx(api, call, scope, [&](sql::Tx& tx) -> absl::StatusOr<bool> {
    CLIENTELE_ASSIGN_OR_RETURN(const Program program, LoadProgram(tx, api.configured_program));
    LedgerAttempt attempt{tx, program, api.BusinessNow(), api.RecordNow()};
    attempt.traces.Add(scope.customer_id, call.traceparent);
    CLIENTELE_RETURN_IF_ERROR(work(attempt));
    if (!scope.validate_only && !call.replayed) {
      CLIENTELE_RETURN_IF_ERROR(AuditWrite(
          api, tx, call, {absl::StrCat("customer/", scope.customer_id)}, attempt.record_time));
    }
    return attempt.wrote_events;
  });
}

absl::StatusOr<std::optional<Entry>> FindReplay(const RequestHistory& history,
                                                const LedgerCommand& command) {
  if (history.entry.has_value() && history.entry->cause.content_hash != command.content_hash) {
    return RequestIdReused(command.request_id);
  }
  if (!history.entry.has_value() && history.reversal_of.has_value()) {
    return RequestIdVoided(command.request_id);
  }
  return history.entry;
}

absl::StatusOr<LedgerBooks> LoadCurrentBooks(LedgerAttempt& attempt,
                                             absl::Span<const std::string> customer_ids) {
  CLIENTELE_ASSIGN_OR_RETURN(LedgerBooks books,
                             LoadBooks(attempt.tx, attempt.program, customer_ids));
  for (auto& [customer_id, book] : books) {
    book.ExpireUntil(attempt.now);
  }
  return books;
}

absl::Status SaveWithEvents(const ApiContext& api, LedgerAttempt& attempt,
                            absl::Span<LedgerBook* const> books) {
  CLIENTELE_RETURN_IF_ERROR(SaveBooks(attempt.tx, books));
  std::vector<feed::OutboxEvent> rows;
  for (LedgerBook* book : books) {
    book->NameEvents([&api](const Event& event) { return api.ids.New(event.record_time); });
    AppendOutboxEvents(book->events(), rows);
  }
  attempt.wrote_events = attempt.wrote_events || !rows.empty();
  attempt.traces.PutInto(rows);
  return feed::AppendToOutbox(attempt.tx, rows);
}

}  // namespace clientele::loyalty
