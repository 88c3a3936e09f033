#ifndef COMMON_SQL_RETRY_H_
#define COMMON_SQL_RETRY_H_

// The one place that repeats transactions: after a conflict, for every driver, and when a commit
// was lost, for callers whose work may be done twice.

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "common/sql/database.h"

namespace clientele::sql {

// Runs `attempt` until it returns anything but a transaction conflict, at most
// kTransactionAttemptsMax times; answers what the last one returned. Each attempt must begin and
// end its own database transaction. Thread-safe.
absl::Status RetryOnConflict(absl::FunctionRef<absl::Status()> attempt);

// `work` in Database::RunInTransaction, for work that looks first whether it was done before, as a
// write with a request_id does. When the outcome of the first run is unknown it runs once more, on
// another connection: it finds its effect, or has it now. Never answers OUTCOME_UNKNOWN: what stays
// unknown is UNAVAILABLE DATABASE_UNAVAILABLE, so that the caller repeats its request. Thread-safe.
absl::Status RunIdempotent(Database& database, const TxOptions& options, TxCallback work);

}  // namespace clientele::sql

#endif  // COMMON_SQL_RETRY_H_
