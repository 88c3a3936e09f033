#include "common/auth/token_cache.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "absl/strings/string_view.h"

namespace clientele::auth {
namespace {

const absl::Time kNow = absl::FromUnixSeconds(1000);

std::shared_ptr<const rpc::Caller> Named(const std::string& name) {
  return std::make_shared<const rpc::Caller>(name, std::vector<std::string>{});
}

Sha256Digest DigestOf(absl::string_view name) {
  Sha256Digest digest{};
  std::copy(name.begin(), name.end(), digest.begin());
  return digest;
}

TEST(TokenCacheTest, KnowsATokenUntilItExpires) {
  TokenCache cache(4);
  cache.Add(DigestOf("a"), Named("alice"), kNow + absl::Seconds(1));
  ASSERT_NE(cache.Find(DigestOf("a"), kNow), nullptr);
  EXPECT_EQ(cache.Find(DigestOf("a"), kNow)->principal(), "alice");
  EXPECT_EQ(cache.Find(DigestOf("a"), kNow + absl::Seconds(1)), nullptr);
  EXPECT_EQ(cache.Find(DigestOf("b"), kNow), nullptr);
  cache.Clear();
  EXPECT_EQ(cache.Find(DigestOf("a"), kNow), nullptr);
}

TEST(TokenCacheTest, ForgetsThoseThatWereNotAskedForWhenThereAreTooMany) {
  TokenCache cache(4);
  cache.Add(DigestOf("kept"), Named("kept"), kNow + absl::Hours(1));
  cache.Add(DigestOf("lost"), Named("lost"), kNow + absl::Hours(1));
  for (int i = 0; i < 6; ++i) {
    cache.Add(DigestOf(std::to_string(i)), Named("other"), kNow + absl::Hours(1));
    EXPECT_NE(cache.Find(DigestOf("kept"), kNow), nullptr) << i;
  }
  EXPECT_EQ(cache.Find(DigestOf("lost"), kNow), nullptr);
  EXPECT_NE(cache.Find(DigestOf("5"), kNow), nullptr);
}

TEST(TokenCacheTest, ForgetsAnExpiredTokenThatLiesInTheOlderHalf) {
  TokenCache cache(1);
  cache.Add(DigestOf("a"), Named("alice"), kNow);
  cache.Add(DigestOf("b"), Named("bob"), kNow + absl::Hours(1));
  EXPECT_EQ(cache.Find(DigestOf("a"), kNow), nullptr);
}

}  // namespace
}  // namespace clientele::auth
