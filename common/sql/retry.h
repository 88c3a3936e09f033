#ifndef COMMON_SQL_RETRY_H_
#define COMMON_SQL_RETRY_H_

// The one place that repeats a transaction after a conflict, for every driver.

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"

namespace clientele::sql {

// Runs `attempt` until it returns anything but a transaction conflict, at most
// kTransactionAttemptsMax times; answers what the last one returned. Each attempt must begin and
// end its own database transaction. Thread-safe.
absl::Status RetryOnConflict(absl::FunctionRef<absl::Status()> attempt);

}  // namespace clientele::sql

#endif  // COMMON_SQL_RETRY_H_
