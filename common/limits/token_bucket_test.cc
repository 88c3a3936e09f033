#include "common/limits/token_bucket.h"

#include "gtest/gtest.h"

namespace clientele::limits {
namespace {

const absl::Time kStart = absl::FromUnixSeconds(1'700'000'000);
constexpr Rate kRate = {.tokens_per_second = 10, .burst_tokens = 20};

TEST(TokenBucket, BeginsFullAndGivesWhatItHas) {
  TokenBucket bucket(kRate, kStart);
  EXPECT_EQ(bucket.Take(15, 15, kStart).tokens, 15);
  const Grant rest = bucket.Take(15, 1, kStart);
  EXPECT_EQ(rest.tokens, 5);
  EXPECT_EQ(rest.wait, absl::ZeroDuration());
  EXPECT_EQ(bucket.Take(1, 1, kStart).tokens, 0);
}

TEST(TokenBucket, SaysWhenTheRestWillBeThere) {
  TokenBucket bucket(kRate, kStart);
  bucket.Take(18, 18, kStart);
  const Grant grant = bucket.Take(5, 5, kStart);
  EXPECT_EQ(grant.tokens, 2);
  EXPECT_EQ(grant.wait, absl::Milliseconds(300));
  EXPECT_EQ(bucket.Take(3, 3, kStart + grant.wait - absl::Microseconds(1)).tokens, 2);
}

TEST(TokenBucket, FillsAtItsRateAndNeverOverflows) {
  TokenBucket bucket(kRate, kStart);
  bucket.Take(20, 20, kStart);
  EXPECT_EQ(bucket.Take(20, 1, kStart + absl::Milliseconds(550)).tokens, 5);
  EXPECT_EQ(bucket.Take(20, 1, kStart + absl::Milliseconds(600)).tokens, 1);  // no part is lost
  EXPECT_EQ(bucket.Take(99, 1, kStart + absl::Hours(24 * 365 * 100)).tokens, 20);
}

TEST(TokenBucket, GivesNothingForAClockThatGoesBack) {
  TokenBucket bucket(kRate, kStart);
  bucket.Take(20, 20, kStart);
  EXPECT_EQ(bucket.Take(1, 1, kStart - absl::Seconds(10)).tokens, 0);
  EXPECT_EQ(bucket.Take(20, 1, kStart + absl::Seconds(1)).tokens, 10);
}

TEST(TokenBucket, TakesAllOrNothing) {
  TokenBucket bucket(kRate, kStart);
  EXPECT_EQ(bucket.TakeAll(15, kStart), absl::ZeroDuration());
  EXPECT_EQ(bucket.TakeAll(6, kStart), absl::Milliseconds(100));
  EXPECT_EQ(bucket.TakeAll(5, kStart), absl::ZeroDuration());
}

TEST(TokenBucket, TakesBackWhatItGaveButNoMoreThanItHolds) {
  TokenBucket bucket({.tokens_per_second = 10, .burst_tokens = 5}, kStart);
  EXPECT_EQ(bucket.TakeAll(4, kStart), absl::ZeroDuration());
  bucket.PutBack(2);
  EXPECT_EQ(bucket.Take(9, 1, kStart).tokens, 3);
  bucket.PutBack(9);
  EXPECT_EQ(bucket.Take(9, 1, kStart).tokens, 5);
}

TEST(FillTime, RoundsUp) {
  EXPECT_EQ(FillTime(kRate), absl::Seconds(2));
  EXPECT_EQ(FillTime({.tokens_per_second = 3, .burst_tokens = 1}), absl::Microseconds(333'334));
}

}  // namespace
}  // namespace clientele::limits
