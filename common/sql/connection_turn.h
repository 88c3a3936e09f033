#ifndef COMMON_SQL_CONNECTION_TURN_H_
#define COMMON_SQL_CONNECTION_TURN_H_

// Who of those that want a connection has it next.

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/executor/slot_queue.h"

namespace clientele::sql {

// Waits in `queue`, whose slots are connections, until `deadline`. DEADLINE_EXCEEDED
// DEADLINE_TOO_SHORT when none came, RESOURCE_EXHAUSTED OVERLOADED at once when too many wait
// already. Thread-safe; the queue must outlive the lease.
absl::StatusOr<SlotQueue::Lease> AwaitConnection(SlotQueue& queue, absl::Time deadline);

}  // namespace clientele::sql

#endif  // COMMON_SQL_CONNECTION_TURN_H_
