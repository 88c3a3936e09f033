#include "common/rpc/caller.h"

#include <gtest/gtest.h>

namespace clientele::rpc {
namespace {

TEST(CallerTest, MayDoNothingWithoutPermissions) {
  const Caller caller("nobody", {});
  EXPECT_EQ(caller.principal(), "nobody");
  EXPECT_FALSE(caller.MayDo("profile.customers.read"));
  EXPECT_FALSE(caller.MayDo(""));
}

TEST(CallerTest, MayDoWhatIsNamedAndNothingThatOnlyBeginsLikeIt) {
  const Caller caller("reader", {"profile.customers.read", "events.read"});
  EXPECT_TRUE(caller.MayDo("profile.customers.read"));
  EXPECT_TRUE(caller.MayDo("events.read"));
  EXPECT_FALSE(caller.MayDo("profile.customers.write"));
  EXPECT_FALSE(caller.MayDo("profile.customers"));
  EXPECT_FALSE(caller.MayDo("profile.customers.read.more"));
}

TEST(CallerTest, MayDoAllThatBeginsLikeAStarredPermission) {
  const Caller caller("worker", {"profile.*", "events.read"});
  EXPECT_TRUE(caller.MayDo("profile.customers.write"));
  EXPECT_TRUE(caller.MayDo("events.read"));
  EXPECT_FALSE(caller.MayDo("profile"));
  EXPECT_FALSE(caller.MayDo("profiles.customers.read"));
  EXPECT_FALSE(caller.MayDo("loyalty.points.read"));
}

TEST(CallerTest, MayDoEverythingWithAStar) {
  EXPECT_TRUE(Caller("root", {"*"}).MayDo("loyalty.points.adjust"));
}

}  // namespace
}  // namespace clientele::rpc
