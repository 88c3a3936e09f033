#include "common/cache/freshness.h"

#include "common/cache/key_space.h"
#include "common/cache/set_if_newer.h"
#include "gtest/gtest.h"

namespace clientele::cache {
namespace {

const absl::Time kNow = absl::FromUnixSeconds(1'700'000'000);

Record At(int64_t version, absl::Time valid_until = absl::InfiniteFuture()) {
  return {.version = version, .valid_until = valid_until, .payload = "p"};
}

TEST(Serves, BypassesWhatIsBelowTheVersionAskedFor) {
  EXPECT_TRUE(Serves(At(3), {.min_version = 3}, kNow));
  EXPECT_TRUE(Serves(At(4), {.min_version = 3}, kNow));
  EXPECT_FALSE(Serves(At(2), {.min_version = 3}, kNow));
}

TEST(Serves, BypassesEverythingForAStrongRead) {
  EXPECT_FALSE(Serves(At(9), {.strong = true}, kNow));
}

TEST(Serves, BypassesWhatHasRunOut) {
  EXPECT_TRUE(Serves(At(1, kNow + absl::Microseconds(1)), {}, kNow));
  EXPECT_FALSE(Serves(At(1, kNow), {}, kNow));
}

TEST(MayFollow, LetsOnlyReadersFollowWhoInsistOnNothing) {
  EXPECT_TRUE(MayFollow({}));
  EXPECT_FALSE(MayFollow({.min_version = 1}));
  EXPECT_FALSE(MayFollow({.strong = true}));
}

TEST(IsTooOldToFill, BeginsAfterASecond) {
  EXPECT_FALSE(IsTooOldToFill(kNow - absl::Seconds(1), kNow));
  EXPECT_TRUE(IsTooOldToFill(kNow - absl::Seconds(1) - absl::Microseconds(1), kNow));
}

TEST(IsTooOldToFill, IncludesWhatCannotBeDated) {
  EXPECT_TRUE(IsTooOldToFill(kNow + absl::Microseconds(1), kNow));
}

TEST(JitteredTtl, TakesAwayUpToATenth) {
  EXPECT_EQ(JitteredTtl(absl::Seconds(100), 0), absl::Seconds(100));
  EXPECT_EQ(JitteredTtl(absl::Seconds(100), 500), absl::Seconds(95));
  EXPECT_GT(JitteredTtl(absl::Seconds(100), 999), absl::Seconds(90));
}

TEST(SharedValidUntil, CountsFromTheReading) {
  EXPECT_EQ(SharedValidUntil(At(1), kNow, absl::Seconds(60)), kNow + absl::Seconds(60));
  EXPECT_EQ(SharedValidUntil(At(1, kNow + absl::Seconds(5)), kNow, absl::Seconds(60)),
            kNow + absl::Seconds(5));
}

TEST(KeySpace, NamesKeysWithoutBraces) {
  const KeySpace keys("clientele", "svc");
  EXPECT_EQ(keys.KeyOf("widget", "17"), "clientele:svc:v2:widget:17");
  EXPECT_EQ(keys.KeyOf("widget", "a{b}%"), "clientele:svc:v2:widget:a%7Bb%7D%25");
  EXPECT_EQ(keys.channel(), "clientele:svc:v2:invalid");
}

TEST(Invalidation, ComesBackFromItsText) {
  EXPECT_EQ(DecodeInvalidation(EncodeInvalidation(42, "a key")), (Invalidation{42, "a key"}));
  for (const char* text : {"", "42", "42 ", "x key", "-1 key", " key"}) {
    EXPECT_FALSE(DecodeInvalidation(text).has_value()) << text;
  }
}

}  // namespace
}  // namespace clientele::cache
