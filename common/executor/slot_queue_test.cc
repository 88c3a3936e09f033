#include "common/executor/slot_queue.h"

#include <atomic>
#include <optional>
#include <thread>
#include <vector>

#include "absl/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace clientele {
namespace {

using ::testing::ElementsAre;

constexpr int kWaitersMax = 100;

// Returns when `count` callers wait in `queue`.
void AwaitWaiters(const SlotQueue& queue, int count) {
  while (queue.waiter_count() < count) {
    std::this_thread::yield();
  }
}

TEST(SlotQueue, ServesInOrderOfArrival) {
  SlotQueue queue(1, kWaitersMax);
  std::optional<SlotQueue::Lease> held = *queue.Take(absl::InfiniteFuture());
  std::vector<int> served;  // guarded by the slot
  std::vector<std::thread> threads;
  for (int i = 0; i < 5; ++i) {
    threads.emplace_back([&queue, &served, i] {
      const auto lease = queue.Take(absl::InfiniteFuture());
      served.push_back(i);
    });
    AwaitWaiters(queue, i + 1);
  }
  held.reset();
  for (std::thread& thread : threads) {
    thread.join();
  }
  EXPECT_THAT(served, ElementsAre(0, 1, 2, 3, 4));
}

TEST(SlotQueue, HandsOutDifferentSlots) {
  SlotQueue queue(2, kWaitersMax);
  const auto first = queue.Take(absl::InfiniteFuture());
  const auto second = queue.Take(absl::InfiniteFuture());
  EXPECT_EQ(first->slot(), 0);
  EXPECT_EQ(second->slot(), 1);
}

TEST(SlotQueue, GivesUpAtTheDeadlineAndLeavesTheQueue) {
  SlotQueue queue(1, kWaitersMax);
  std::optional<SlotQueue::Lease> held = *queue.Take(absl::InfiniteFuture());
  const auto late = queue.Take(absl::Now() + absl::Milliseconds(5));
  EXPECT_TRUE(absl::IsDeadlineExceeded(late.status())) << late.status();
  EXPECT_EQ(queue.waiter_count(), 0);
  held.reset();
  EXPECT_TRUE(queue.Take(absl::Now() + absl::Seconds(60)).ok());
}

TEST(SlotQueue, RefusesAtOnceWhenTooManyWait) {
  SlotQueue queue(1, 1);
  std::optional<SlotQueue::Lease> held = *queue.Take(absl::InfiniteFuture());
  std::thread waiter([&queue] { EXPECT_TRUE(queue.Take(absl::InfiniteFuture()).ok()); });
  AwaitWaiters(queue, 1);
  EXPECT_TRUE(absl::IsResourceExhausted(queue.Take(absl::InfiniteFuture()).status()));
  held.reset();
  waiter.join();
}

TEST(SlotQueue, NeverGivesOneSlotToTwoHolders) {
  constexpr int kSlots = 3;
  SlotQueue queue(kSlots, kWaitersMax);
  int uses[kSlots] = {};  // each guarded by its slot: TSan sees a slot that two hold
  std::atomic<int> timeouts = 0;
  std::vector<std::thread> threads;
  threads.reserve(16);
  for (int i = 0; i < 16; ++i) {
    threads.emplace_back([&, i] {
      for (int round = 0; round < 200; ++round) {
        const auto lease =
            queue.Take(i % 2 == 0 ? absl::InfiniteFuture() : absl::Now() + absl::Microseconds(50));
        if (lease.ok()) {
          ++uses[lease->slot()];
        } else {
          ++timeouts;
        }
      }
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  EXPECT_EQ(uses[0] + uses[1] + uses[2] + timeouts, 16 * 200);
}

}  // namespace
}  // namespace clientele
