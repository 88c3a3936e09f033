#include "common/sql/group_signal.h"

#include <thread>

#include "absl/time/clock.h"
#include "gtest/gtest.h"

namespace clientele::sql {
namespace {

using Event = GroupSignal::Event;

TEST(GroupSignal, TellsWhatCameBefore) {
  GroupSignal signal;
  signal.TellDecided();
  EXPECT_EQ(signal.Await(absl::InfiniteFuture()), Event::kDecided);
  EXPECT_EQ(signal.Await(absl::InfinitePast()), Event::kDecided) << "for good";
}

TEST(GroupSignal, WhoIsSummonedMustSummonAnotherOneThoughAllIsDecided) {
  GroupSignal signal;
  signal.Summon();
  signal.TellDecided();
  EXPECT_EQ(signal.Await(absl::InfiniteFuture()), Event::kSummoned);
  EXPECT_EQ(signal.Await(absl::InfiniteFuture()), Event::kDecided);
}

TEST(GroupSignal, IsTooLateAtItsDeadlineAndMayWaitAgain) {
  GroupSignal signal;
  EXPECT_EQ(signal.Await(absl::Now()), Event::kTooLate);
  std::thread other([&signal] { signal.Summon(); });
  EXPECT_EQ(signal.Await(absl::InfiniteFuture()), Event::kSummoned);
  other.join();
  EXPECT_EQ(signal.Await(absl::Now()), Event::kTooLate) << "a summons is answered once";
}

}  // namespace
}  // namespace clientele::sql
