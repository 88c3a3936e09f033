#include "common/cache/flights.h"

#include <atomic>
#include <thread>
#include <vector>

#include "absl/time/clock.h"
#include "gtest/gtest.h"

namespace clientele::cache {
namespace {

const Record kRecord{.version = 3, .valid_until = absl::InfiniteFuture(), .payload = "p"};

TEST(Flights, LetOneLeadAndTheOthersFollow) {
  Flights flights;
  const auto leader = flights.Board("k");
  const auto follower = flights.Board("k");
  EXPECT_TRUE(leader.leads);
  EXPECT_FALSE(follower.leads);
  EXPECT_TRUE(flights.Board("other").leads);
  flights.Land("k", leader.flight, kRecord);
  EXPECT_EQ(**follower.flight->Await(absl::InfiniteFuture()), kRecord);
  EXPECT_TRUE(flights.Board("k").leads);
}

TEST(Flights, BringTheErrorOfTheLeader) {
  Flights flights;
  const auto leader = flights.Board("k");
  flights.Land("k", leader.flight, absl::UnavailableError("down"));
  EXPECT_TRUE(absl::IsUnavailable(leader.flight->Await(absl::InfiniteFuture())->status()));
}

TEST(Flights, KeepAFollowerNoLongerThanItsDeadline) {
  Flights flights;
  const auto leader = flights.Board("k");
  EXPECT_FALSE(leader.flight->Await(absl::Now() + absl::Milliseconds(2)).has_value());
  flights.Land("k", leader.flight, kRecord);
}

TEST(Flights, AreNotBoardedAfterAWrite) {
  Flights flights;
  const auto old = flights.Board("k");
  flights.Retire("k");
  const auto fresh = flights.Board("k");
  EXPECT_TRUE(fresh.leads);
  flights.Land("k", old.flight, kRecord);  // ends only itself
  EXPECT_FALSE(flights.Board("k").leads);
  flights.Land("k", fresh.flight, kRecord);
  EXPECT_EQ(flights.size(), 0u);
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
        const auto boarding = flights.Board("k");
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
