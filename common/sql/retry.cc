#include "common/sql/retry.h"

#include "common/sql/database.h"
#include "common/sql/errors.h"

namespace clientele::sql {

absl::Status RetryOnConflict(absl::FunctionRef<absl::Status()> attempt) {
  absl::Status status = attempt();
  for (int i = 1; i < kTransactionAttemptsMax && IsTransactionConflict(status); ++i) {
    status = attempt();
  }
  return status;
}

}  // namespace clientele::sql
