#ifndef COMMON_OBSERVABILITY_TURN_H_
#define COMMON_OBSERVABILITY_TURN_H_

// A lock that can be waited for with a limit, held while somebody else's code runs.

#include <chrono>
#include <condition_variable>
#include <mutex>

#include "absl/time/time.h"

namespace clientele {

// Thread-safe. (std::timed_mutex would do, but ThreadSanitizer of g++ 12 does not see its waits.)
class Turn {
 public:
  // Held until destroyed; false when it was not had within the wait.
  class Holder {
   public:
    explicit Holder(Turn& turn, absl::Duration wait_max = absl::InfiniteDuration())
        : turn_(turn), held_(turn.Take(wait_max)) {}
    ~Holder() {
      if (held_) {
        turn_.Release();
      }
    }
    Holder(const Holder&) = delete;
    Holder& operator=(const Holder&) = delete;
    explicit operator bool() const { return held_; }

   private:
    Turn& turn_;
    const bool held_;
  };

 private:
  bool Take(absl::Duration wait_max) {
    std::unique_lock<std::mutex> lock(mutex_);
    const auto is_free = [this] { return !taken_; };
    if (wait_max == absl::InfiniteDuration()) {
      freed_.wait(lock, is_free);
    } else if (!freed_.wait_for(lock, absl::ToChronoMilliseconds(wait_max), is_free)) {
      return false;
    }
    taken_ = true;
    return true;
  }

  void Release() {
    {
      std::lock_guard<std::mutex> lock(mutex_);
      taken_ = false;
    }
    freed_.notify_one();
  }

  std::mutex mutex_;
  std::condition_variable freed_;
  bool taken_ = false;
};

}  // namespace clientele

#endif  // COMMON_OBSERVABILITY_TURN_H_
