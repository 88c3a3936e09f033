#ifndef COMMON_EXECUTOR_TIMER_QUEUE_H_
#define COMMON_EXECUTOR_TIMER_QUEUE_H_

// Calls functions after a delay, all from one thread of its own: what lets a waiting stream hold no
// thread. Measured by the steady clock, so a step of the wall clock moves nothing.
//
// Thread safety: thread-safe.

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <thread>
#include <utility>

#include "absl/time/time.h"

namespace clientele {

class TimerQueue {
 public:
  // Names one timer of this queue; a default-made one names none.
  struct Timer {
    std::chrono::steady_clock::time_point due;
    uint64_t number = 0;
    friend auto operator<=>(const Timer&, const Timer&) = default;
  };

  TimerQueue();
  // Waits for a function that is running; those not yet due are dropped without a call.
  ~TimerQueue();
  TimerQueue(const TimerQueue&) = delete;
  TimerQueue& operator=(const TimerQueue&) = delete;

  // Calls `fire` once, at least `delay` from now (below 0 counts as 0, above a day as a day).
  // `fire` must be quick and must not throw: the other timers wait for it.
  Timer After(absl::Duration delay, std::function<void()> fire);

  // Drops `timer`. Does nothing when it has fired; it may be firing at this moment.
  void Cancel(const Timer& timer);

  // Timers that have not fired.
  int pending_count() const;

 private:
  void RunTimers();

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  // Everything below is guarded by mutex_.
  std::map<Timer, std::function<void()>> timers_;
  uint64_t last_number_ = 0;
  bool closing_ = false;
  std::thread thread_;  // last: it uses all of the above
};

}  // namespace clientele

#endif  // COMMON_EXECUTOR_TIMER_QUEUE_H_
