#include "common/executor/timer_queue.h"

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <memory>
#include <vector>

namespace clientele {
namespace {

TEST(TimerQueueTest, FiresInOrderOfDueTime) {
  std::promise<void> done;
  std::vector<int> order;  // only the timer thread writes it
  TimerQueue timers;
  timers.After(absl::Milliseconds(30), [&] {
    order.push_back(2);
    done.set_value();
  });
  timers.After(absl::Milliseconds(5), [&] { order.push_back(1); });
  done.get_future().wait();
  EXPECT_EQ(order, (std::vector<int>{1, 2}));
  EXPECT_EQ(timers.pending_count(), 0);
}

TEST(TimerQueueTest, NeverFiresACancelledTimer) {
  std::promise<void> done;
  std::atomic<bool> fired = false;
  TimerQueue timers;
  const TimerQueue::Timer cancelled = timers.After(absl::Milliseconds(5), [&] { fired = true; });
  timers.Cancel(cancelled);
  timers.After(absl::Milliseconds(10), [&] { done.set_value(); });
  done.get_future().wait();
  EXPECT_FALSE(fired);
  timers.Cancel(cancelled);
  timers.Cancel(TimerQueue::Timer{});
}

TEST(TimerQueueTest, FiresAPastDueTimerAtOnce) {
  std::promise<void> done;
  TimerQueue timers;
  timers.After(absl::Seconds(-5), [&] { done.set_value(); });
  done.get_future().wait();
}

TEST(TimerQueueTest, DropsWhatIsNotDueWhenItCloses) {
  auto held = std::make_shared<int>(1);
  {
    TimerQueue timers;
    timers.After(absl::InfiniteDuration(), [held] { FAIL() << "fired a day early"; });
    EXPECT_EQ(timers.pending_count(), 1);
  }
  EXPECT_EQ(held.use_count(), 1);
}

TEST(TimerQueueTest, AcceptsTimersFromATimer) {
  std::promise<void> done;
  TimerQueue timers;
  timers.After(absl::ZeroDuration(),
               [&] { timers.After(absl::ZeroDuration(), [&] { done.set_value(); }); });
  done.get_future().wait();
}

}  // namespace
}  // namespace clientele
