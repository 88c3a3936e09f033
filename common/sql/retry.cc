#include "common/sql/retry.h"

#include "common/sql/errors.h"
#include "common/status/log_detail.h"

namespace clientele::sql {

absl::Status RetryOnConflict(absl::FunctionRef<absl::Status()> attempt) {
  absl::Status status = attempt();
  for (int i = 1; i < kTransactionAttemptsMax && IsTransactionConflict(status); ++i) {
    status = attempt();
  }
  return status;
}

absl::Status RunIdempotent(Database& database, const TxOptions& options, TxCallback work) {
  absl::Status status = database.RunInTransaction(options, work);
  if (IsOutcomeUnknown(status)) {
    status = database.RunInTransaction(options, work);
  }
  return IsOutcomeUnknown(status) ? DatabaseUnavailable(GetLogDetail(status)) : status;
}

}  // namespace clientele::sql
