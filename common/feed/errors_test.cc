#include "common/feed/errors.h"

#include "absl/status/status.h"
#include "common/status/error.h"
#include "gtest/gtest.h"

namespace clientele::feed {
namespace {

TEST(ExpiredPartitions, AreAllThatTheErrorNames) {
  PartitionSet expired;
  expired.set(3);
  expired.set(7);
  EXPECT_EQ(ExpiredPartitions(ResumeTokenExpired(expired, 800, 1200)), expired);
}

TEST(ExpiredPartitions, OfAnOlderServerAreTheOneItNames) {
  PartitionSet expired;
  expired.set(3);
  EXPECT_EQ(ExpiredPartitions(
                ErrorBuilder(absl::StatusCode::kOutOfRange, "RESUME_TOKEN_EXPIRED", "too old")
                    .Metadata("partition", "3")
                    .Build()),
            expired);
}

TEST(ExpiredPartitions, OfAnotherErrorAreNone) {
  EXPECT_TRUE(ExpiredPartitions(FeedHole(3, 12)).none());
}

}  // namespace
}  // namespace clientele::feed
