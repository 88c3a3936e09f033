#ifndef SERVICES_SEGMENTATION_DOMAIN_RFM_RUN_H_
#define SERVICES_SEGMENTATION_DOMAIN_RFM_RUN_H_

// The life of a run. Pure functions.

#include <cstdint>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace clientele::segmentation {

// A run's short number, dense from 1 in order of acceptance; callers know its run_id only.
enum class RunNo : int64_t {};

// The numbers of clientele.common.v1.JobState, which are stored.
enum class RunState : int64_t {
  kPending = 1,
  kRunning = 2,
  kSucceeded = 3,
  kFailed = 4,
  kCancelled = 5,
};

// "PENDING" ...
absl::string_view RunStateName(RunState state);

// What a cancel does to a run.
enum class CancelEffect {
  kEndNow,     // it has not begun
  kAskRunner,  // it ends at its next safe point
};

// FAILED_PRECONDITION RFM_RUN_ENDED when the run has ended; asking twice is allowed.
absl::StatusOr<CancelEffect> PlanCancelRun(absl::string_view run_id, RunState state);

// FAILED_PRECONDITION RFM_RUN_NOT_FINISHED unless the run has succeeded.
absl::Status RequireSucceeded(absl::string_view run_id, RunState state);

}  // namespace clientele::segmentation

#endif  // SERVICES_SEGMENTATION_DOMAIN_RFM_RUN_H_
