#ifndef SERVICES_SEGMENTATION_JOBS_RUN_LEASE_H_
#define SERVICES_SEGMENTATION_JOBS_RUN_LEASE_H_

// The right to work on runs, which of the replicas that share a database one has at a time.
//
// Time only decides who tries. What makes it safe is that every write of a run is fenced: after
// another process has taken over, none of them is committed any more.

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/feed/lease.h"
#include "common/server/periodic_task.h"
#include "common/sql/database.h"
#include "common/time/clock.h"

namespace clientele::segmentation {

// Belongs to one thread, but Write may be called by any while the lease is held.
class RunLease {
 public:
  // `database` and `clock` (the machine's) outlive it. `holder` tells processes apart, see
  // feed::Lease.
  RunLease(sql::Database& database, std::string holder, const Clock& clock);

  // Gives it back.
  ~RunLease() { GiveBack(); }
  RunLease(const RunLease&) = delete;
  RunLease& operator=(const RunLease&) = delete;

  // False while another process has it. From then until GiveBack a thread keeps it, however long
  // nothing is written. Not while it is held (CHECK).
  absl::StatusOr<bool> Take();

  // Lets others take over at once; does nothing when it is not held.
  void GiveBack();

  // Runs `work` in a background transaction that commits only while the lease is held; ABORTED when
  // another process has taken over since Take.
  absl::Status Write(sql::TxCallback work);

 private:
  absl::Status Renew(sql::Tx& tx) { return lease_.Renew(tx, *fence_).status(); }

  sql::Database& database_;
  const feed::Lease lease_;
  std::optional<int64_t> fence_;
  std::optional<server::PeriodicTask> keeper_;  // while held; last, it uses all of the above
};

}  // namespace clientele::segmentation

#endif  // SERVICES_SEGMENTATION_JOBS_RUN_LEASE_H_
