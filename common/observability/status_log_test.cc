#include "common/observability/status_log.h"

#include <string>

#include "common/observability/testing/last_line.h"
#include "common/status/error.h"
#include "common/status/log_detail.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace clientele {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class StatusLogTest : public ::testing::Test {
 protected:
  std::string Line(const absl::Status& status) {
    LogStatus(logger_, LogLevel::kWarn, "feed_consumer", "following failed", status);
    return sink_.text;
  }

  FakeClock clock_{absl::FromUnixSeconds(1'700'000'000)};
  LastLine sink_;
  Logger logger_{LogOptions{.service = "profile", .level = LogLevel::kInfo, .repeats = {}}, clock_,
                 sink_};
};

TEST_F(StatusLogTest, SaysWhatTheDriverSaid) {
  const absl::Status status = WithLogDetail(
      ErrorBuilder(absl::StatusCode::kUnavailable, "DATABASE_UNAVAILABLE", "not available").Build(),
      "sqlite 10: disk I/O error");
  EXPECT_THAT(Line(status),
              HasSubstr("\"code\":\"UNAVAILABLE\",\"reason\":\"DATABASE_UNAVAILABLE\","
                        "\"cause\":\"not available\","
                        "\"detail\":\"sqlite 10: disk I/O error\""));
}

TEST_F(StatusLogTest, HasNoDetailWhereNothingWasSaid) {
  EXPECT_THAT(Line(absl::InternalError("boom")), Not(HasSubstr("detail")));
}

}  // namespace
}  // namespace clientele
