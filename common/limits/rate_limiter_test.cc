#include "common/limits/rate_limiter.h"

#include <atomic>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace clientele::limits {
namespace {

constexpr RateLimiterOptions kOptions = {.rate = {.tokens_per_second = 100, .burst_tokens = 50},
                                         .chunk_tokens = 10};

// One bucket for all names.
class FakeBuckets final : public SharedBuckets {
 public:
  explicit FakeBuckets(const Clock& clock) : clock_(clock), bucket_(kOptions.rate, clock.Now()) {}

  absl::StatusOr<Grant> Take(absl::string_view /*name*/, const Rate& /*rate*/, int64_t wanted,
                             int64_t needed) override {
    std::lock_guard<std::mutex> lock(mutex_);
    ++asked;
    if (is_away) {
      return absl::UnavailableError("away");
    }
    return bucket_.Take(wanted, needed, clock_.Now());
  }

  std::atomic<int> asked = 0;
  std::atomic<bool> is_away = false;

 private:
  const Clock& clock_;
  std::mutex mutex_;
  TokenBucket bucket_;  // guarded by mutex_
};

class RateLimiterTest : public ::testing::Test {
 protected:
  // How many calls of `cost` are let through before one is not.
  int CountGranted(RateLimiter& limiter, absl::string_view principal = "p", int64_t cost = 1) {
    int granted = 0;
    while (granted < 1'000 && limiter.Take(principal, cost) == absl::ZeroDuration()) {
      ++granted;
    }
    return granted;
  }

  FakeClock clock_{absl::FromUnixSeconds(1'700'000'000)};
  FakeBuckets shared_{clock_};
  RateLimiter limiter_{kOptions, &shared_, clock_};
};

TEST_F(RateLimiterTest, AsksForAChunkAndNotForEachCall) {
  for (int i = 0; i < 30; ++i) {
    EXPECT_EQ(limiter_.Take("p", 1), absl::ZeroDuration());
  }
  EXPECT_EQ(shared_.asked, 3);
}

TEST_F(RateLimiterTest, RefusesWithoutAskingUntilThereCanBeATokenAgain) {
  EXPECT_EQ(CountGranted(limiter_), 50);
  const int asked = shared_.asked;
  EXPECT_EQ(limiter_.Take("p", 1), absl::Milliseconds(10));
  clock_.Advance(absl::Milliseconds(4));
  EXPECT_EQ(limiter_.Take("p", 1), absl::Milliseconds(6));
  EXPECT_EQ(shared_.asked, asked);
  clock_.Advance(absl::Milliseconds(6));
  EXPECT_EQ(limiter_.Take("p", 1), absl::ZeroDuration());
}

TEST_F(RateLimiterTest, GrantsTwoReplicasTogetherWhatOneMayHave) {
  RateLimiter other(kOptions, &shared_, clock_);
  int granted = 0;
  for (int i = 0; i < 100; ++i) {
    granted += (i % 2 == 0 ? limiter_ : other).Take("p", 1) == absl::ZeroDuration() ? 1 : 0;
  }
  EXPECT_EQ(granted, 50);
}

TEST_F(RateLimiterTest, GivesUpWhatItDidNotSpend) {
  EXPECT_EQ(limiter_.Take("p", 1), absl::ZeroDuration());
  clock_.Advance(absl::Seconds(1));
  EXPECT_EQ(limiter_.Take("p", 1), absl::ZeroDuration());
  EXPECT_EQ(shared_.asked, 2);
}

TEST_F(RateLimiterTest, LeasesMoreThanAChunkForACallThatCostsMore) {
  EXPECT_EQ(limiter_.Take("p", 45), absl::ZeroDuration());
  // Five are left; fifteen more come in 150 ms, and the five are not lost meanwhile.
  EXPECT_EQ(limiter_.Take("p", 20), absl::Milliseconds(150));
  clock_.Advance(absl::Milliseconds(150));
  EXPECT_EQ(limiter_.Take("p", 20), absl::ZeroDuration());
}

TEST_F(RateLimiterTest, LimitsByItsOwnBucketWhileTheSharedOnesAreAway) {
  shared_.is_away = true;
  EXPECT_EQ(CountGranted(limiter_), 50);
  EXPECT_EQ(CountGranted(limiter_, "another"), 50);
  clock_.Advance(absl::Milliseconds(100));
  EXPECT_EQ(CountGranted(limiter_), 10);
  shared_.is_away = false;
  EXPECT_EQ(CountGranted(limiter_), 50);
}

TEST_F(RateLimiterTest, LimitsAProcessThatIsAlone) {
  RateLimiter alone(kOptions, nullptr, clock_);
  EXPECT_EQ(CountGranted(alone, "p", 5), 10);
}

TEST_F(RateLimiterTest, LetsTooManyPrincipalsShareOneAccountUntilOthersRest) {
  RateLimiter alone(kOptions, nullptr, clock_);
  for (int i = 0; i < 10'000; ++i) {
    ASSERT_EQ(alone.Take(absl::StrCat("principal", i), 1), absl::ZeroDuration());
  }
  EXPECT_EQ(CountGranted(alone, "late"), 50);
  EXPECT_EQ(CountGranted(alone, "later"), 0);
  clock_.Advance(absl::Seconds(2));
  EXPECT_EQ(CountGranted(alone, "latest"), 50);
  EXPECT_EQ(CountGranted(alone, "last"), 50);
}

TEST_F(RateLimiterTest, NeverGrantsMoreThanThereIsHoweverManyAsk) {
  std::atomic<int> granted = 0;
  std::vector<std::thread> threads;
  threads.reserve(8);
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] {
      for (int j = 0; j < 100; ++j) {
        granted += limiter_.Take("p", 1) == absl::ZeroDuration() ? 1 : 0;
      }
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  EXPECT_EQ(granted, 50);
}

}  // namespace
}  // namespace clientele::limits
