#include "common/executor/call_until.h"

#include <future>
#include <memory>
#include <optional>
#include <utility>

#include "absl/time/clock.h"
#include "gtest/gtest.h"

namespace clientele {
namespace {

absl::Time Soon() { return absl::Now() + absl::Milliseconds(5); }
absl::Time Late() { return absl::Now() + absl::Minutes(1); }

// Of the process, as CallUntil wants it.
SlotQueue& NewSlots(int count, int waiters_max) { return *new SlotQueue(count, waiters_max); }

// Returns only once `end` is set.
auto CallThatAwaits(std::promise<void>& end) {
  return [ended = end.get_future().share()] {
    ended.wait();
    return 1;
  };
}

TEST(CallUntil, ReturnsWhatTheCallReturns) {
  static SlotQueue& slots = NewSlots(1, 1);
  auto moved = std::make_unique<int>(7);
  const auto result = CallUntil(slots, Late(), [moved = std::move(moved)]() mutable {
    return std::make_unique<int>(*moved + 1);
  });
  ASSERT_TRUE(result.has_value());
  EXPECT_EQ(**result, 8);
  EXPECT_EQ(CallUntil(slots, absl::InfiniteFuture(), [] { return 3; }), 3);
}

TEST(CallUntil, LeavesACallThatHangsAndBeginsNoneWithoutASlot) {
  static SlotQueue& slots = NewSlots(1, 1);
  std::promise<void> end;
  const auto hanging = CallThatAwaits(end);
  EXPECT_EQ(CallUntil(slots, Soon(), hanging), std::nullopt);
  const auto has_begun = std::make_shared<bool>(false);
  EXPECT_EQ(CallUntil(slots, Soon(), [has_begun] { return *has_begun = true; }), std::nullopt);
  EXPECT_FALSE(*has_begun);

  end.set_value();
  EXPECT_EQ(CallUntil(slots, Late(), [] { return 3; }), 3);  // waits until the slot is back
}

TEST(CallUntil, RefusesAtOnceWhoMayNotWaitForASlot) {
  static SlotQueue& slots = NewSlots(1, 0);
  std::promise<void> end;
  const auto hanging = CallThatAwaits(end);
  EXPECT_EQ(CallUntil(slots, Soon(), hanging), std::nullopt);
  EXPECT_EQ(CallUntil(slots, absl::InfiniteFuture(), hanging), std::nullopt);
  end.set_value();
}

}  // namespace
}  // namespace clientele
