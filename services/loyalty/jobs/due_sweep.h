#ifndef SERVICES_LOYALTY_JOBS_DUE_SWEEP_H_
#define SERVICES_LOYALTY_JOBS_DUE_SWEEP_H_

// Posts what time has made due for members whom nobody writes to: expired lots, ended tiers. Reads
// and writes never wait for it: they compute or post it themselves.

#include <cstdint>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/time/time.h"
#include "services/loyalty/api/handlers/api_context.h"

namespace clientele::loyalty {

// Posts what is due at or before `until`, in business time: so long ago that everything profile
// recorded before is applied (feed_horizon.h). Takes members in the order in which they are due,
// kSweepMembers to a transaction and at most kSweepTransactionsMax of these; tells `on_swept` after
// each commit how many members it took. Thread-safe: two at once do the same work once. The
// database's errors; what was posted stays posted, and has been told.
absl::Status SweepDueMembers(const ApiContext& api, absl::Time until,
                             absl::FunctionRef<void(int64_t)> on_swept);

}  // namespace clientele::loyalty

#endif  // SERVICES_LOYALTY_JOBS_DUE_SWEEP_H_
