#include "common/server/feed_log.h"

#include "common/feed/errors.h"
#include "common/observability/testing/last_line.h"
#include "common/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace clientele::server {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

class FeedLogTest : public ::testing::Test {
 protected:
  const FakeClock clock_{absl::UnixEpoch()};
  LastLine line_;
  Logger logger_{LogOptions{.service = "thing", .repeats = {}}, clock_, line_};
};

TEST_F(FeedLogTest, AConsumerThatTriesAgainIsAWarning) {
  LogConsumerFailure(logger_, {.source = "profile", .status = absl::UnavailableError("away")});
  EXPECT_THAT(line_.text, AllOf(HasSubstr(R"("level":"warn")"), HasSubstr("UNAVAILABLE"),
                                HasSubstr("the feed of profile failed")));
}

TEST_F(FeedLogTest, AConsumerThatHasGivenUpIsAnError) {
  LogConsumerFailure(logger_,
                     {.source = "profile", .status = feed::FeedHole(3, 12), .is_final = true});
  EXPECT_THAT(line_.text, AllOf(HasSubstr(R"("level":"error")"), HasSubstr("FEED_HOLE"),
                                HasSubstr("for good")));
}

TEST_F(FeedLogTest, ABootstrapSaysHowFarItIs) {
  feed::ConsumerBootstrap bootstrap{.source = "profile", .partitions = feed::AllPartitions()};
  LogConsumerBootstrap(logger_, bootstrap);
  EXPECT_THAT(line_.text, AllOf(HasSubstr(R"("level":"info")"), HasSubstr("begins with an export"),
                                HasSubstr(R"("partition_count":16)")));
  bootstrap.phase = feed::ConsumerBootstrap::Phase::kResumed;
  LogConsumerBootstrap(logger_, bootstrap);
  EXPECT_THAT(line_.text, HasSubstr("goes on with the export of profile"));
  bootstrap.phase = feed::ConsumerBootstrap::Phase::kDone;
  bootstrap.event_count = 7;
  LogConsumerBootstrap(logger_, bootstrap);
  EXPECT_THAT(line_.text, AllOf(HasSubstr("is through"), HasSubstr(R"("event_count":7)")));
}

}  // namespace
}  // namespace clientele::server
