#include "common/server/periodic_job.h"

#include <future>
#include <string>

#include "absl/time/clock.h"
#include "common/observability/metrics_text.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace clientele::server {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(PeriodicJob, TellsWhyARoundFailedAndGoesOn) {
  Metrics metrics("loyalty", "1.2.3");
  const SystemClock clock;
  PeriodicJob job(metrics, clock, "sweep", absl::Milliseconds(1));
  const std::string never =
      "job_last_success_timestamp_seconds{clientele_service=\"loyalty\",task=\"sweep\"} 0\n";
  EXPECT_THAT(RenderMetrics({&metrics}), HasSubstr(never));
  std::promise<absl::Status> failure;
  std::promise<void> third;
  int rounds = 0;
  job.Start(
      [&] {
        ++rounds;
        if (rounds == 3) {
          third.set_value();
        }
        return rounds == 1 ? absl::UnavailableError("away") : absl::OkStatus();
      },
      [&](const absl::Status& status) { failure.set_value(status); });
  EXPECT_EQ(failure.get_future().get(), absl::UnavailableError("away"));
  third.get_future().wait();
  job.Stop();
  EXPECT_THAT(RenderMetrics({&metrics}), Not(HasSubstr(never)));
}

TEST(PeriodicJob, FollowsARoundThatLeftSomeAtOnceUntilItStops) {
  Metrics metrics("loyalty", "1.2.3");
  const SystemClock clock;
  const absl::Duration interval = absl::Seconds(1);
  const absl::Time begin = absl::Now();
  PeriodicJob job(metrics, clock, "check", interval);
  std::promise<void> hundredth;
  int rounds = 0;
  job.StartInParts(
      [&]() -> absl::StatusOr<bool> {
        ++rounds;
        if (rounds == 100) {
          hundredth.set_value();
        }
        return true;
      },
      [](const absl::Status& status) { ADD_FAILURE() << status; });
  hundredth.get_future().wait();
  job.Stop();
  EXPECT_LT(absl::Now() - begin, 50 * interval);
}

}  // namespace
}  // namespace clientele::server
