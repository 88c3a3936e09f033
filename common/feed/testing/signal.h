#ifndef COMMON_FEED_TESTING_SIGNAL_H_
#define COMMON_FEED_TESTING_SIGNAL_H_

// Lets a test wait for something another thread does.

#include <chrono>
#include <condition_variable>
#include <mutex>

namespace clientele::feed {

// Thread-safe. Wake it whenever a condition may have become true.
class Signal {
 public:
  void Wake() {
    std::lock_guard<std::mutex> lock(mutex_);
    ++wake_count_;
    changed_.notify_all();
  }

  // Waits until `condition` holds, asking after every Wake; false when it still does not after a
  // minute, which only a failing test sees.
  template <typename Condition>
  bool Await(Condition condition) {
    const auto give_up = std::chrono::steady_clock::now() + std::chrono::minutes(1);
    for (;;) {
      const int seen_count = WakeCount();
      if (condition()) {
        return true;
      }
      std::unique_lock<std::mutex> lock(mutex_);
      if (!changed_.wait_until(lock, give_up, [&] { return wake_count_ != seen_count; })) {
        return false;
      }
    }
  }

 private:
  int WakeCount() {
    std::lock_guard<std::mutex> lock(mutex_);
    return wake_count_;
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  int wake_count_ = 0;
};

}  // namespace clientele::feed

#endif  // COMMON_FEED_TESTING_SIGNAL_H_
