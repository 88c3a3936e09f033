#include "common/limits/rate_limiter.h"

#include <atomic>
#include <ctime>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace clientele::limits {
namespace {

constexpr Rate kRate = {.tokens_per_second = 100, .burst_tokens = 50};
constexpr int kChunk = 5;  // a tenth of the burst

// One bucket for all names.
class FakeBuckets final : public SharedBuckets {
 public:
  explicit FakeBuckets(const Clock& clock) : clock_(clock), bucket_(kRate, clock.Now()) {}

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

bool RunAtOnce(const std::function<void()>& task) {
  task();
  return true;
}

class RateLimiterTest : public ::testing::Test {
 protected:
  // How many calls of `cost` are let through before one is not.
  static int CountGranted(RateLimiter& limiter, absl::string_view principal = "p",
                          int64_t cost = 1) {
    int granted = 0;
    while (granted < 1'000 && limiter.Take(principal, cost) == absl::ZeroDuration()) {
      ++granted;
    }
    return granted;
  }

  SharedLease LeaseAtOnce() { return {.buckets = shared_, .run_later = RunAtOnce}; }

  FakeClock clock_{absl::FromUnixSeconds(1'700'000'000)};
  FakeBuckets shared_{clock_};
  RateLimiter limiter_{{.of_others = kRate}, LeaseAtOnce(), clock_};
};

TEST_F(RateLimiterTest, AsksForAChunkAndNotForEachCall) {
  for (int i = 0; i < 30; ++i) {
    EXPECT_EQ(limiter_.Take("p", 1), absl::ZeroDuration());
  }
  EXPECT_GE(shared_.asked, 5);
  EXPECT_LE(shared_.asked, 10);
}

TEST_F(RateLimiterTest, LetsCallsGoOnForAChunkUntilALeaseComes) {
  std::vector<std::function<void()>> later;
  RateLimiter limiter({.of_others = kRate},
                      SharedLease{.buckets = shared_,
                                  .run_later =
                                      [&later](std::function<void()> task) {
                                        later.push_back(std::move(task));
                                        return true;
                                      }},
                      clock_);
  EXPECT_EQ(CountGranted(limiter), kChunk);
  EXPECT_EQ(limiter.Take("p", 1), absl::Milliseconds(10)) << "soon: a lease is under way";
  ASSERT_EQ(later.size(), 1u) << "and it is one";
  later[0]();
  EXPECT_EQ(limiter.Take("p", 1), absl::ZeroDuration());
  EXPECT_EQ(later.size(), 1u);
}

TEST_F(RateLimiterTest, RefusesWithoutAskingUntilThereCanBeATokenAgain) {
  EXPECT_EQ(CountGranted(limiter_), 50);
  const int asked = shared_.asked;
  EXPECT_EQ(limiter_.Take("p", 1), absl::Milliseconds(10));
  clock_.Advance(absl::Milliseconds(4));
  limiter_.Take("p", 1);
  EXPECT_EQ(shared_.asked, asked);
  clock_.Advance(absl::Milliseconds(6));
  EXPECT_EQ(limiter_.Take("p", 1), absl::ZeroDuration());
}

TEST_F(RateLimiterTest, GrantsTwoReplicasTogetherWhatOneMayHaveAndAChunkEachAtMost) {
  RateLimiter other({.of_others = kRate}, LeaseAtOnce(), clock_);
  int granted = 0;
  for (int i = 0; i < 200; ++i) {
    granted += (i % 2 == 0 ? limiter_ : other).Take("p", 1) == absl::ZeroDuration() ? 1 : 0;
  }
  EXPECT_GE(granted, 50);
  EXPECT_LE(granted, 50 + 2 * kChunk);
}

TEST_F(RateLimiterTest, PaysBackWhatItTookTooMuch) {
  RateLimiter other({.of_others = kRate}, LeaseAtOnce(), clock_);
  int granted = 0;
  for (int millis = 0; millis < 10'000; ++millis) {
    granted += limiter_.Take("p", 1) == absl::ZeroDuration() ? 1 : 0;
    granted += other.Take("p", 1) == absl::ZeroDuration() ? 1 : 0;
    clock_.Advance(absl::Milliseconds(1));
  }
  EXPECT_GE(granted, 950);
  EXPECT_LE(granted, 50 + 10 * 100 + 2 * kChunk);
}

TEST_F(RateLimiterTest, GivesUpWhatItDidNotSpend) {
  EXPECT_EQ(limiter_.Take("p", 1), absl::ZeroDuration());
  EXPECT_EQ(shared_.asked, 1);
  clock_.Advance(absl::Seconds(1));
  EXPECT_EQ(limiter_.Take("p", 1), absl::ZeroDuration());
  EXPECT_EQ(shared_.asked, 2);
}

TEST_F(RateLimiterTest, LimitsByItsOwnBucketWhileTheSharedOnesAreAway) {
  shared_.is_away = true;
  EXPECT_EQ(CountGranted(limiter_), 1 + 50) << "the first call finds out";
  EXPECT_EQ(CountGranted(limiter_, "another"), 1 + 50);
  const int asked = shared_.asked;
  clock_.Advance(absl::Milliseconds(100));
  EXPECT_EQ(CountGranted(limiter_), 10);
  EXPECT_EQ(shared_.asked, asked) << "they are left alone for a second";
  shared_.is_away = false;
  clock_.Advance(absl::Seconds(1));
  EXPECT_GE(CountGranted(limiter_), 50 - 1);
  EXPECT_GT(shared_.asked, asked);
}

TEST_F(RateLimiterTest, GoesOnWhenNobodyCanAskForALease) {
  RateLimiter limiter({.of_others = kRate},
                      SharedLease{.buckets = shared_,
                                  .run_later = [](const std::function<void()>&) { return false; }},
                      clock_);
  EXPECT_EQ(CountGranted(limiter), kChunk);
  EXPECT_EQ(shared_.asked, 0);
}

TEST_F(RateLimiterTest, LimitsAProcessThatIsAlone) {
  RateLimiter alone({.of_others = kRate}, std::nullopt, clock_);
  EXPECT_EQ(CountGranted(alone, "p", 5), 10);
}

TEST_F(RateLimiterTest, ForgetsWhoHasUsedItsShareOnlyWhenTheRatesChange) {
  RateLimiter alone({.of_others = kRate}, std::nullopt, clock_);
  EXPECT_EQ(CountGranted(alone), 50);
  alone.SetRates({.of_others = kRate});
  EXPECT_EQ(CountGranted(alone), 0);
  alone.SetRates({.of_others = kRate, .by_principal = {{"p", kRate}}});
  EXPECT_EQ(CountGranted(alone), 50);
}

TEST_F(RateLimiterTest, LetsTooManyPrincipalsShareOneAccountUntilOthersRest) {
  RateLimiter alone({.of_others = kRate}, std::nullopt, clock_);
  for (int i = 0; i < 10'000; ++i) {
    ASSERT_EQ(alone.Take(absl::StrCat("principal", i), 1), absl::ZeroDuration());
  }
  EXPECT_EQ(CountGranted(alone, "late"), 50);
  EXPECT_EQ(CountGranted(alone, "later"), 0);
  clock_.Advance(absl::Seconds(2));
  EXPECT_EQ(CountGranted(alone, "latest"), 50);
  EXPECT_EQ(CountGranted(alone, "last"), 50);
}

TEST_F(RateLimiterTest, ForgetsWhoRestsLongestAndNobodyElse) {
  RateLimiter alone({.of_others = kRate}, std::nullopt, clock_);
  for (int i = 0; i < 10'000; ++i) {
    ASSERT_EQ(alone.Take(absl::StrCat("principal", i), 1), absl::ZeroDuration());
  }
  clock_.Advance(absl::Seconds(2));
  EXPECT_EQ(CountGranted(alone, "principal0"), 50);
  EXPECT_EQ(CountGranted(alone, "late"), 50);
  EXPECT_EQ(CountGranted(alone, "principal0"), 0) << "it is the oldest, and has just been used";
}

TEST_F(RateLimiterTest, HasRoomForWhoHasARateOfItsOwnHoweverManyOthersThereAre) {
  RateLimiter alone({.of_others = kRate, .by_principal = {{"named", kRate}}}, std::nullopt, clock_);
  for (int i = 0; i < 10'000; ++i) {
    ASSERT_EQ(alone.Take(absl::StrCat("principal", i), 1), absl::ZeroDuration());
  }
  EXPECT_EQ(CountGranted(alone, "late"), 50);
  EXPECT_EQ(CountGranted(alone, "named"), 50);
}

// A flood of new principals must not be a means to keep the server busy.
TEST_F(RateLimiterTest, TakesAboutAsLongForANewPrincipalAsForOneThatItKnows) {
  constexpr int kCalls = 20'000;
  RateLimiter alone({.of_others = kRate}, std::nullopt, clock_);
  const auto cpu_time_of = [&alone](const std::string& prefix, int principals) {
    const std::clock_t begin = std::clock();
    for (int i = 0; i < kCalls; ++i) {
      alone.Take(absl::StrCat(prefix, i % principals), 1);
    }
    return std::clock() - begin;
  };
  const std::clock_t known = cpu_time_of("principal", 10'000);
  EXPECT_LT(cpu_time_of("another", kCalls), 20 * known) << "a scan takes a thousand times as long";
}

TEST_F(RateLimiterTest, GivesBackWhatWasTakenForNothing) {
  const RateTable rates = {.of_others = kRate, .by_principal = {{"named", kRate}}};
  RateLimiter alone(rates, std::nullopt, clock_);
  for (const char* const principal : {"named", "another"}) {
    for (int i = 0; i < 1'000; ++i) {
      ASSERT_EQ(alone.Take(principal, 80), absl::ZeroDuration());
      alone.GiveBack(principal, 80);
    }
    EXPECT_EQ(CountGranted(alone, principal), 50);
  }
  alone.GiveBack("nobody", 1);
  EXPECT_EQ(CountGranted(alone, "nobody"), 50);
}

TEST_F(RateLimiterTest, AsksForNoMoreWhenWhatItLeasedComesBack) {
  for (int i = 0; i < 1'000; ++i) {
    ASSERT_EQ(limiter_.Take("p", 1), absl::ZeroDuration());
    limiter_.GiveBack("p", 1);
  }
  EXPECT_EQ(shared_.asked, 1);
  EXPECT_GE(CountGranted(limiter_), 50);
}

TEST_F(RateLimiterTest, GivesBackToTheAccountThatTooManyPrincipalsShare) {
  RateLimiter alone({.of_others = kRate}, std::nullopt, clock_);
  for (int i = 0; i < 10'000; ++i) {
    ASSERT_EQ(alone.Take(absl::StrCat("principal", i), 1), absl::ZeroDuration());
  }
  EXPECT_EQ(CountGranted(alone, "late"), 50);
  alone.GiveBack("late", 3);
  EXPECT_EQ(CountGranted(alone, "later"), 3);
}

TEST_F(RateLimiterTest, NeverGrantsMoreThanThereIsHoweverManyAsk) {
  RateLimiter alone({.of_others = kRate}, std::nullopt, clock_);
  for (RateLimiter* const limiter : {&alone, &limiter_}) {
    std::atomic<int> granted = 0;
    std::vector<std::thread> threads;
    threads.reserve(8);
    for (int i = 0; i < 8; ++i) {
      threads.emplace_back([&granted, limiter] {
        for (int j = 0; j < 100; ++j) {
          granted += limiter->Take("p", 1) == absl::ZeroDuration() ? 1 : 0;
        }
      });
    }
    for (std::thread& thread : threads) {
      thread.join();
    }
    EXPECT_GE(granted, 50);
    EXPECT_LE(granted, 50 + kChunk);
  }
}

}  // namespace
}  // namespace clientele::limits
