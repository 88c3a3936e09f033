#include "services/segmentation/domain/rfm_run.h"

#include "services/segmentation/domain/errors.h"

namespace clientele::segmentation {

absl::string_view RunStateName(RunState state) {
  switch (state) {
    case RunState::kPending:
      return "PENDING";
    case RunState::kRunning:
      return "RUNNING";
    case RunState::kSucceeded:
      return "SUCCEEDED";
    case RunState::kFailed:
      return "FAILED";
    case RunState::kCancelled:
      return "CANCELLED";
  }
  return "UNKNOWN";
}

absl::StatusOr<CancelEffect> PlanCancelRun(absl::string_view run_id, RunState state) {
  switch (state) {
    case RunState::kPending:
      return CancelEffect::kEndNow;
    case RunState::kRunning:
      return CancelEffect::kAskRunner;
    case RunState::kSucceeded:
    case RunState::kFailed:
    case RunState::kCancelled:
      break;
  }
  return RfmRunEnded(run_id, RunStateName(state));
}

absl::Status RequireSucceeded(absl::string_view run_id, RunState state) {
  return state == RunState::kSucceeded ? absl::OkStatus()
                                       : RfmRunNotFinished(run_id, RunStateName(state));
}

}  // namespace clientele::segmentation
