#ifndef COMMON_AUDIT_VERIFY_LOG_H_
#define COMMON_AUDIT_VERIFY_LOG_H_

// Checks the stored audit log, a piece at a time.

#include <cstdint>

#include "absl/status/statusor.h"
#include "common/audit/audit_chain.h"
#include "common/sql/database.h"

namespace clientele::audit {

// What a check of one partition has found.
struct Verdict {
  chain::Head verified;            // up to here everything is as it was written
  int64_t first_bad_position = 0;  // as of chain::Verifier; 0 = none
  bool is_complete = false;        // there is nothing left to check, or nothing worth it
  chain::Head head;                // as stored
};

// Checks the entries of `partition` behind `after`, at most `limit` (positive), and that `after`
// itself is there as it was. On one snapshot. The database's errors.
absl::StatusOr<Verdict> VerifyNext(sql::Tx& tx, int partition, const chain::Head& after, int limit);

}  // namespace clientele::audit

#endif  // COMMON_AUDIT_VERIFY_LOG_H_
