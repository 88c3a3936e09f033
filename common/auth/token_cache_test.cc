#include "common/auth/token_cache.h"

#include <gtest/gtest.h>

namespace clientele::auth {
namespace {

const absl::Time kNow = absl::FromUnixSeconds(1000);

std::shared_ptr<const rpc::Caller> Named(const std::string& name) {
  return std::make_shared<const rpc::Caller>(name, std::vector<std::string>{});
}

TEST(TokenCacheTest, KnowsATokenUntilItExpires) {
  TokenCache cache(4);
  cache.Add("a", Named("alice"), kNow + absl::Seconds(1));
  ASSERT_NE(cache.Find("a", kNow), nullptr);
  EXPECT_EQ(cache.Find("a", kNow)->principal(), "alice");
  EXPECT_EQ(cache.Find("a", kNow + absl::Seconds(1)), nullptr);
  EXPECT_EQ(cache.Find("b", kNow), nullptr);
  cache.Clear();
  EXPECT_EQ(cache.Find("a", kNow), nullptr);
}

TEST(TokenCacheTest, ForgetsThoseThatWereNotAskedForWhenThereAreTooMany) {
  TokenCache cache(4);
  cache.Add("kept", Named("kept"), kNow + absl::Hours(1));
  cache.Add("lost", Named("lost"), kNow + absl::Hours(1));
  for (int i = 0; i < 6; ++i) {
    cache.Add(std::to_string(i), Named("other"), kNow + absl::Hours(1));
    EXPECT_NE(cache.Find("kept", kNow), nullptr) << i;
  }
  EXPECT_EQ(cache.Find("lost", kNow), nullptr);
  EXPECT_NE(cache.Find("5", kNow), nullptr);
}

TEST(TokenCacheTest, ForgetsAnExpiredTokenThatLiesInTheOlderHalf) {
  TokenCache cache(1);
  cache.Add("a", Named("alice"), kNow);
  cache.Add("b", Named("bob"), kNow + absl::Hours(1));
  EXPECT_EQ(cache.Find("a", kNow), nullptr);
}

}  // namespace
}  // namespace clientele::auth
