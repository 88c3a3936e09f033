#include "common/cache/redis/node.h"

#include "gtest/gtest.h"

namespace clientele::redis {
namespace {

Reply ErrorReply(const std::string& text) { return {.kind = Reply::Kind::kError, .text = text}; }

TEST(PatienceOf, EndsWithTheBudgetOrWithTheCaller) {
  const absl::Time now = absl::FromUnixSeconds(1000);
  const Patience leisurely = PatienceOf(now, absl::Milliseconds(20), absl::InfiniteFuture());
  EXPECT_EQ(leisurely.until, now + absl::Milliseconds(20));
  EXPECT_TRUE(leisurely.is_budget);
  const Patience hasty = PatienceOf(now, absl::Milliseconds(20), now + absl::Milliseconds(3));
  EXPECT_EQ(hasty.until, now + absl::Milliseconds(3));
  EXPECT_FALSE(hasty.is_budget);
}

TEST(IsNodeFailure, TellsAServerThatCannotServeFromACommandThatIsWrong) {
  EXPECT_TRUE(IsNodeFailure(ErrorReply("LOADING Redis is loading the dataset in memory")));
  EXPECT_TRUE(IsNodeFailure(ErrorReply("CLUSTERDOWN The cluster is down")));
  EXPECT_TRUE(IsNodeFailure(ErrorReply("READONLY You can't write against a read only replica.")));
  EXPECT_FALSE(IsNodeFailure(ErrorReply("WRONGTYPE Operation against a key")));
  EXPECT_FALSE(IsNodeFailure(ErrorReply("MOVED 1 a:1")));
  EXPECT_FALSE(IsNodeFailure({.kind = Reply::Kind::kString, .text = "LOADING"}));
}

}  // namespace
}  // namespace clientele::redis
