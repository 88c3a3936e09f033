#ifndef COMMON_AUDIT_AUDIT_CHAINER_H_
#define COMMON_AUDIT_AUDIT_CHAINER_H_

// Gives committed records their places in the chains.
//
// At most one chainer changes a log at a time: it takes the lease "audit" anew in each transaction,
// with a higher fence, and whoever is overtaken moves no head and so changes nothing.
// Thread safety: used by one thread at a time. `database` and `clock` (the machine's) outlive it.

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/feed/lease.h"
#include "common/sql/database.h"
#include "common/time/clock.h"

namespace clientele::audit {

class AuditChainer {
 public:
  // `holder` and `lease_ttl` as of feed::Lease.
  AuditChainer(sql::Database& database, const Clock& clock, std::string holder,
               absl::Duration lease_ttl);

  // Chains what the outbox holds, the oldest records first, at most kChainBatchesMax batches of it;
  // answers how many. 0 also while another process chains. The database's errors, ABORTED when
  // another process has taken over in between: what was committed stays.
  absl::StatusOr<int64_t> Chain();

 private:
  absl::StatusOr<bool> HasWork();
  absl::StatusOr<int64_t> ChainBatch(sql::Tx& tx) const;

  sql::Database& database_;
  const feed::Lease lease_;
};

}  // namespace clientele::audit

#endif  // COMMON_AUDIT_AUDIT_CHAINER_H_
