#include "services/segmentation/domain/rfm_run.h"

#include "common/status/error.h"
#include "gtest/gtest.h"

namespace clientele::segmentation {
namespace {

TEST(RfmRunTest, CancelsAtOnceWhatHasNotBegunAndAsksWhatRuns) {
  EXPECT_EQ(PlanCancelRun("r-1", RunState::kPending).value(), CancelEffect::kEndNow);
  EXPECT_EQ(PlanCancelRun("r-1", RunState::kRunning).value(), CancelEffect::kAskRunner);
}

TEST(RfmRunTest, RefusesToCancelWhatHasEnded) {
  for (const RunState state : {RunState::kSucceeded, RunState::kFailed, RunState::kCancelled}) {
    const absl::Status status = PlanCancelRun("r-1", state).status();
    EXPECT_EQ(GetErrorReason(status), "RFM_RUN_ENDED");
    EXPECT_EQ(GetErrorDetails(status)->metadata.at("state"), RunStateName(state));
  }
}

TEST(RfmRunTest, OnlyASucceededRunHasScores) {
  EXPECT_EQ(RequireSucceeded("r-1", RunState::kSucceeded), absl::OkStatus());
  for (const RunState state :
       {RunState::kPending, RunState::kRunning, RunState::kFailed, RunState::kCancelled}) {
    EXPECT_EQ(GetErrorReason(RequireSucceeded("r-1", state)), "RFM_RUN_NOT_FINISHED");
  }
}

}  // namespace
}  // namespace clientele::segmentation
