#include "common/observability/job_metrics.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "common/observability/metrics_text.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace clientele {
namespace {

using ::testing::HasSubstr;

class JobMetricsTest : public ::testing::Test {
 protected:
  // The line of a series as a scrape shows it.
  static std::string Line(absl::string_view name, absl::string_view value) {
    return absl::StrCat("\nclientele_loyalty_job_", name,
                        "_seconds{clientele_service=\"loyalty\",task=\"sweep\"} ", value, "\n");
  }
  std::string Page() const { return RenderMetrics({&metrics_}); }

  absl::Status RunFor(absl::Duration duration, const absl::Status& status) {
    return job_.Run([&] {
      clock_.Advance(duration);
      return status;
    });
  }

  FakeClock clock_{absl::FromUnixSeconds(1000)};
  Metrics metrics_{"loyalty", "1.2.3"};
  JobMetrics job_{metrics_, clock_, "sweep", absl::Seconds(60)};
};

TEST_F(JobMetricsTest, ShowsWhenItLastSucceededAndHowLongItTook) {
  EXPECT_THAT(Page(), HasSubstr(Line("last_success_timestamp", "0")));
  EXPECT_TRUE(RunFor(absl::Seconds(5), absl::OkStatus()).ok());
  EXPECT_THAT(Page(), HasSubstr(Line("last_success_timestamp", "1005")));
  EXPECT_THAT(Page(), HasSubstr(Line("last_duration", "5")));
}

TEST_F(JobMetricsTest, KeepsItsLastSuccessWhenARoundFails) {
  EXPECT_TRUE(RunFor(absl::Seconds(5), absl::OkStatus()).ok());
  EXPECT_EQ(RunFor(absl::Seconds(7), absl::UnavailableError("away")),
            absl::UnavailableError("away"));
  EXPECT_THAT(Page(), HasSubstr(Line("last_success_timestamp", "1005")));
  EXPECT_THAT(Page(), HasSubstr(Line("last_duration", "7")));
}

TEST_F(JobMetricsTest, IsOverdueOnceAnIntervalWithoutSuccessHasPassed) {
  clock_.Advance(absl::Seconds(60));
  EXPECT_THAT(Page(), HasSubstr(Line("overdue", "0")));
  EXPECT_FALSE(RunFor(absl::Seconds(9), absl::UnavailableError("away")).ok());
  EXPECT_THAT(Page(), HasSubstr(Line("overdue", "9")));
  EXPECT_TRUE(RunFor(absl::Seconds(1), absl::OkStatus()).ok());
  EXPECT_THAT(Page(), HasSubstr(Line("overdue", "0")));
}

}  // namespace
}  // namespace clientele
