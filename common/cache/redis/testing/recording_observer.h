#ifndef COMMON_CACHE_REDIS_TESTING_RECORDING_OBSERVER_H_
#define COMMON_CACHE_REDIS_TESTING_RECORDING_OBSERVER_H_

// Remembers what a client told, for tests that wait for it.

#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>

#include "absl/status/status.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "common/cache/redis/observer.h"

namespace clientele::redis {

// Thread-safe.
class RecordingObserver final : public ClientObserver {
 public:
  void OnExchange(const absl::Status& result, double /*seconds*/) override {
    std::lock_guard<std::mutex> lock(mutex_);
    ++(result.ok() ? successes_ : failures_);
  }
  void OnBreakerChanged(const Address& node, bool is_open) override {
    std::lock_guard<std::mutex> lock(mutex_);
    open_[node] = is_open;
    changed_.notify_all();
  }
  void OnProbeFailed(const Address& /*node*/, const absl::Status& status) override {
    std::lock_guard<std::mutex> lock(mutex_);
    last_probe_failure_ = status;
    changed_.notify_all();
  }

  // Whether the breaker of `node` gets into this state before a broken test would be given up.
  bool AwaitBreaker(const Address& node, bool is_open) {
    return Await([&] { return open_[node] == is_open; });
  }
  // The first failure of a probe from now on.
  absl::Status AwaitProbeFailure() {
    {
      std::lock_guard<std::mutex> lock(mutex_);
      last_probe_failure_ = absl::OkStatus();
    }
    Await([&] { return !last_probe_failure_.ok(); });
    std::lock_guard<std::mutex> lock(mutex_);
    return last_probe_failure_;
  }

  int successes() const {
    std::lock_guard<std::mutex> lock(mutex_);
    return successes_;
  }
  int failures() const {
    std::lock_guard<std::mutex> lock(mutex_);
    return failures_;
  }

 private:
  bool Await(const std::function<bool()>& happened) {
    std::unique_lock<std::mutex> lock(mutex_);
    return changed_.wait_until(lock, absl::ToChronoTime(absl::Now() + absl::Seconds(60)), happened);
  }

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  // Everything below is guarded by mutex_.
  std::map<Address, bool> open_;
  absl::Status last_probe_failure_;
  int successes_ = 0;
  int failures_ = 0;
};

}  // namespace clientele::redis

#endif  // COMMON_CACHE_REDIS_TESTING_RECORDING_OBSERVER_H_
