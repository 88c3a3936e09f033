#ifndef SERVICES_LOYALTY_API_HANDLERS_LEDGER_TX_H_
#define SERVICES_LOYALTY_API_HANDLERS_LEDGER_TX_H_

// The frame of the ledger's writes: one transaction under the member's lock, whose events reach the
// feed. Internal to the handlers.

#include <optional>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "common/handler/event_traces.h"
#include "common/handler/write_tx.h"
#include "common/rpc/call_context.h"
#include "common/sql/database.h"
#include "services/loyalty/api/handlers/api_context.h"
#include "services/loyalty/api/validation/requests.h"
#include "services/loyalty/domain/ledger_book.h"
#include "services/loyalty/domain/program.h"
#include "services/loyalty/store/member_store.h"
#include "services/loyalty/store/request_store.h"

namespace clientele::loyalty {

// One attempt of a write.
struct LedgerAttempt {
  sql::Tx& tx;
  const Program& program;
  absl::Time now;  // business time
  absl::Time record_time;
  bool wrote_events = false;
  EventTraces traces;  // of the calls that it is for

  PostingTime time() const { return {now, record_time}; }
};

// RunWriteTx for work on the ledger, which the audit log is told of.
absl::Status RunLedgerTx(const ApiContext& api, rpc::CallContext& call, const WriteScope& scope,
                         absl::FunctionRef<absl::Status(LedgerAttempt&)> work);

// The entry that the command's request made before, by the history of its request_id; nullopt when
// it made none. ALREADY_EXISTS REQUEST_ID_REUSED when the request was another one,
// FAILED_PRECONDITION REQUEST_ID_VOIDED when a Reverse came before it. Pure.
absl::StatusOr<std::optional<Entry>> FindReplay(const RequestHistory& history,
                                                const LedgerCommand& command);

// The books of those of `customer_ids` who are members, in which every expiry by now is posted.
absl::StatusOr<LedgerBooks> LoadCurrentBooks(LedgerAttempt& attempt,
                                             absl::Span<const std::string> customer_ids);

// Stores what the books added, with its events.
absl::Status SaveWithEvents(const ApiContext& api, LedgerAttempt& attempt,
                            absl::Span<LedgerBook* const> books);

}  // namespace clientele::loyalty

#endif  // SERVICES_LOYALTY_API_HANDLERS_LEDGER_TX_H_
