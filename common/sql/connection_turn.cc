#include "common/sql/connection_turn.h"

#include "common/sql/errors.h"

namespace clientele::sql {

absl::StatusOr<SlotQueue::Lease> AwaitConnection(SlotQueue& queue, absl::Time deadline) {
  absl::StatusOr<SlotQueue::Lease> lease = queue.Take(deadline);
  if (lease.ok()) {
    return lease;
  }
  return absl::IsDeadlineExceeded(lease.status()) ? DatabaseDeadlineExceeded()
                                                  : DatabaseOverloaded();
}

}  // namespace clientele::sql
