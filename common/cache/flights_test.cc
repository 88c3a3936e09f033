#include "common/cache/flights.h"

#include <atomic>
#include <thread>
#include <vector>

#include "absl/time/clock.h"
#include "common/cache/limits.h"
#include "gtest/gtest.h"

namespace clientele::cache {
namespace {

const absl::Time kNow = absl::FromUnixSeconds(1'700'000'000);
const Record kRecord{.version = 3, .valid_until = absl::InfiniteFuture(), .payload = "p"};

TEST(Flights, LetOneLeadAndTheOthersFollow) {
  Flights flights;
  const auto leader = flights.Board("k", kNow);
  const auto follower = flights.Board("k", kNow);
  EXPECT_TRUE(leader.leads);
  EXPECT_FALSE(follower.leads);
  EXPECT_TRUE(flights.Board("other", kNow).leads);
  flights.Land("k", leader.flight, kRecord);
  EXPECT_EQ(**follower.flight->Await(absl::InfiniteFuture()), kRecord);
  EXPECT_TRUE(flights.Board("k", kNow).leads);
}

TEST(Flights, BringTheErrorOfTheLeader) {
  Flights flights;
  const auto leader = flights.Board("k", kNow);
  flights.Land("k", leader.flight, absl::UnavailableError("down"));
  EXPECT_TRUE(absl::IsUnavailable(leader.flight->Await(absl::InfiniteFuture())->status()));
}

TEST(Flights, KeepAFollowerNoLongerThanItsDeadline) {
  Flights flights;
  const auto leader = flights.Board("k", kNow);
  EXPECT_FALSE(leader.flight->Await(absl::Now() + absl::Milliseconds(2)).has_value());
  flights.Land("k", leader.flight, kRecord);
}

TEST(Flights, AreNotBoardedAfterAWrite) {
  Flights flights;
  const auto old = flights.Board("k", kNow);
  flights.Retire("k");
  const auto fresh = flights.Board("k", kNow);
  EXPECT_TRUE(fresh.leads);
  flights.Land("k", old.flight, kRecord);  // ends only itself
  EXPECT_FALSE(flights.Board("k", kNow).leads);
  flights.Land("k", fresh.flight, kRecord);
  EXPECT_EQ(flights.size(), 0u);
}

TEST(Flights, AreNotBoardedWhenTheyBeganTooLongAgo) {
  Flights flights;
  const auto slow = flights.Board("k", kNow);
  EXPECT_FALSE(flights.Board("k", kNow + kFillAgeMax).leads);
  const auto next = flights.Board("k", kNow + kFillAgeMax + absl::Microseconds(1));
  EXPECT_TRUE(next.leads);
  flights.Land("k", slow.flight, kRecord);
  EXPECT_EQ(flights.size(), 1u);
  flights.Land("k", next.flight, kRecord);
}

TEST(Flights, KnowWhichErrorsAreTheLeadersOwn) {
  EXPECT_TRUE(IsLeadersOwn(absl::DeadlineExceededError("")));
  EXPECT_TRUE(IsLeadersOwn(absl::CancelledError("")));
  EXPECT_FALSE(IsLeadersOwn(absl::UnavailableError("")));
}

TEST(Flights, NeverHaveTwoLeadersAtOnce) {
  Flights flights;
  int reads = 0;  // guarded by leading: TSan sees two leaders
  std::vector<std::thread> threads;
  threads.reserve(8);
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] {
      for (int round = 0; round < 500; ++round) {
        const auto boarding = flights.Board("k", kNow);
        if (boarding.leads) {
          ++reads;
          flights.Land("k", boarding.flight, kRecord);
        } else {
          EXPECT_EQ(**boarding.flight->Await(absl::InfiniteFuture()), kRecord);
        }
      }
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  EXPECT_GT(reads, 0);
  EXPECT_EQ(flights.size(), 0u);
}

}  // namespace
}  // namespace clientele::cache
