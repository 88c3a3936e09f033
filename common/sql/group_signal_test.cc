#include "common/sql/group_signal.h"

#include <thread>

#include "absl/time/clock.h"
#include "gtest/gtest.h"

namespace clientele::sql {
namespace {

using Event = GroupSignal::Event;

TEST(GroupSignal, TellsWhatCameBefore) {
  GroupSignal signal;
  signal.Decide();
  EXPECT_EQ(signal.Await(absl::InfiniteFuture()), Event::kDecided);
  EXPECT_EQ(signal.Await(absl::InfinitePast()), Event::kDecided) << "for good";
}

TEST(GroupSignal, WhoIsCalledMustCallAnotherOneThoughAllIsDecided) {
  GroupSignal signal;
  signal.Call();
  signal.Decide();
  EXPECT_EQ(signal.Await(absl::InfiniteFuture()), Event::kCalled);
  EXPECT_EQ(signal.Await(absl::InfiniteFuture()), Event::kDecided);
}

TEST(GroupSignal, IsTooLateAtItsDeadlineAndMayWaitAgain) {
  GroupSignal signal;
  EXPECT_EQ(signal.Await(absl::Now()), Event::kTooLate);
  std::thread caller([&signal] { signal.Call(); });
  EXPECT_EQ(signal.Await(absl::InfiniteFuture()), Event::kCalled);
  caller.join();
  EXPECT_EQ(signal.Await(absl::Now()), Event::kTooLate) << "a call is answered once";
}

}  // namespace
}  // namespace clientele::sql
