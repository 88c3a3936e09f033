#include "services/segmentation/work_log.h"

#include "common/observability/testing/last_line.h"
#include "common/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/segmentation/domain/errors.h"

namespace clientele::segmentation {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

class WorkLogTest : public ::testing::Test {
 protected:
  const FakeClock clock_{absl::UnixEpoch()};
  LastLine line_;
  Logger logger_{LogOptions{.service = "segmentation", .repeats = {}}, clock_, line_};
};

TEST_F(WorkLogTest, ARunThatIsTriedAgainIsAWarningAndOneThatFailedAnError) {
  RunReport report{.run_id = "r-1", .error = absl::UnavailableError("away"), .attempt_count = 2};
  LogRun(logger_, report);
  EXPECT_THAT(line_.text, AllOf(HasSubstr(R"("level":"warn")"), HasSubstr(R"("attempt_count":2)")));
  report.state = RunState::kFailed;
  report.error = RfmRunAttemptsExhausted("r-1", 3);
  LogRun(logger_, report);
  EXPECT_THAT(line_.text, AllOf(HasSubstr(R"("level":"error")"),
                                HasSubstr(R"("reason":"RFM_RUN_ATTEMPTS_EXHAUSTED")")));
}

TEST_F(WorkLogTest, WhatWasAskedForIsNoFailure) {
  for (const RunState state : {RunState::kSucceeded, RunState::kCancelled}) {
    LogRun(logger_, RunReport{.run_id = "r-1", .state = state});
    EXPECT_THAT(line_.text, HasSubstr(R"("level":"info")")) << RunStateName(state);
  }
}

}  // namespace
}  // namespace clientele::segmentation
