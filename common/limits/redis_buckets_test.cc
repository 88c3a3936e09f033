#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/cache/redis/testing/private_redis.h"
#include "common/cache/redis/testing/recording_observer.h"
#include "common/executor/executor.h"
#include "common/limits/rate_limiter.h"
#include "common/limits/shared_buckets.h"
#include "common/time/clock.h"
#include "gtest/gtest.h"

namespace clientele::limits {
namespace {

// So slow that hardly a token comes back while a test runs.
constexpr Rate kSlow = {.tokens_per_second = 1, .burst_tokens = 1'000};
constexpr Rate kFast = {.tokens_per_second = 1'000'000, .burst_tokens = 1'000'000};

class RedisBucketsTest : public ::testing::Test {
 protected:
  redis::TopologyOptions Options() const {
    redis::TopologyOptions options;
    options.addresses = {redis_.address()};
    options.node.latency_budget = absl::Seconds(30);  // only a broken server takes that long
    return options;
  }

  redis::PrivateRedis redis_;
  redis::RecordingObserver observer_;
  redis::Client client_{Options(), observer_};
  RedisBuckets buckets_{client_, "clientele", "svc"};
};

TEST_F(RedisBucketsTest, GrantsWhatABucketHoldsToAllWhoShareIt) {
  RedisBuckets other(client_, "clientele", "svc");
  const auto first = buckets_.Take("p", kSlow, 600, 600);
  ASSERT_TRUE(first.ok()) << first.status();
  EXPECT_EQ(first->tokens, 600);
  EXPECT_EQ(first->wait, absl::ZeroDuration());
  const auto second = other.Take("p", kSlow, 600, 600);
  EXPECT_GE(second->tokens, 400);
  EXPECT_LT(second->tokens, 600);
  EXPECT_GT(second->wait, absl::Seconds(100));
  EXPECT_LE(second->wait, absl::Seconds(200));
  EXPECT_EQ(other.Take("another", kSlow, 600, 600)->tokens, 600);
}

TEST_F(RedisBucketsTest, FillAsTimePasses) {
  ASSERT_EQ(buckets_.Take("p", kFast, 1'000'000, 1)->tokens, 1'000'000);
  int64_t granted = 0;
  const absl::Time begin = absl::Now();
  while (granted < 10'000) {  // which takes at least ten milliseconds
    granted += buckets_.Take("p", kFast, 10'000 - granted, 1)->tokens;
  }
  EXPECT_GE(absl::Now() - begin, absl::Milliseconds(8));
}

TEST_F(RedisBucketsTest, FillAlsoOnceTheClockHasGoneBack) {
  const int64_t in_an_hour_us = absl::ToUnixMicros(absl::Now() + absl::Hours(1));
  redis_.Ask(
      {"HSET", "clientele:svc:limit:p", "level", "0", "filled_at", absl::StrCat(in_an_hour_us)});
  EXPECT_EQ(buckets_.Take("p", kFast, 1, 1)->tokens, 0) << "it does not know since when";
  const absl::Time end = absl::Now() + absl::Minutes(1);
  int64_t granted = 0;
  while (granted == 0 && absl::Now() < end) {
    granted = buckets_.Take("p", kFast, 1, 1)->tokens;
  }
  EXPECT_EQ(granted, 1);
}

TEST_F(RedisBucketsTest, AreForgottenOnceTheyAreFullAgain) {
  ASSERT_TRUE(buckets_.Take("p", kSlow, 1, 1).ok());
  const int64_t left_ms = redis_.Ask({"PTTL", "clientele:svc:limit:p"}).integer;
  EXPECT_GT(left_ms, 900'000);
  EXPECT_LE(left_ms, 1'000'001);
}

TEST_F(RedisBucketsTest, SayWhenTheyCannotBeReached) {
  redis_.Kill();
  EXPECT_FALSE(buckets_.Take("p", kSlow, 1, 1).ok());
}

TEST_F(RedisBucketsTest, SayWhenSomethingElseLiesUnderTheirKey) {
  redis_.Ask({"SET", "clientele:svc:limit:p", "text"});
  EXPECT_FALSE(buckets_.Take("p", kSlow, 1, 1).ok());
}

TEST_F(RedisBucketsTest, TwoReplicasTogetherGrantAPrincipalWhatItMayAskFor) {
  constexpr Rate kRate = {.tokens_per_second = 1, .burst_tokens = 100};
  constexpr int kChunk = 10;  // a tenth of the burst
  SystemClock clock;
  Executor leases({.thread_limit = 1});
  const SharedLease lease = {.buckets = buckets_, .run_later = [&leases](auto task) {
                               return leases.TrySubmit([task = std::move(task)] {
                                 task();
                                 return TaskEnd::kServed;
                               });
                             }};
  {
    RateLimiter first({.of_others = kRate}, lease, clock);
    RateLimiter second({.of_others = kRate}, lease, clock);
    const absl::Time begin = absl::Now();
    int granted = 0;
    int refused = 0;  // since the last one that was granted
    // Leases come while this asks; a burst has been granted when none comes for long.
    while (refused < 200'000) {
      for (RateLimiter* const limiter : {&first, &second}) {
        const bool is_granted = limiter->Take("p", 1) == absl::ZeroDuration();
        granted += is_granted ? 1 : 0;
        refused = is_granted ? 0 : refused + 1;
      }
    }
    const auto seconds = absl::ToInt64Seconds(absl::Now() - begin) + 1;
    EXPECT_GE(granted, 100);
    EXPECT_LE(granted, 100 + 2 * kChunk + seconds);
    // What the executor still has to do uses the limiters.
    while (leases.load().arrival_count + leases.load().running_count > 0) {
      std::this_thread::yield();
    }
  }
}

}  // namespace
}  // namespace clientele::limits
