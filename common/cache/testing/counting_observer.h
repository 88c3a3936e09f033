#ifndef COMMON_CACHE_TESTING_COUNTING_OBSERVER_H_
#define COMMON_CACHE_TESTING_COUNTING_OBSERVER_H_

// Counts what a cache tells.

#include <array>
#include <atomic>

#include "common/cache/observer.h"

namespace clientele::cache {

// Thread-safe.
class CountingObserver final : public CacheObserver {
 public:
  void OnExchange(const absl::Status& result, double /*seconds*/) override {
    exchange_failures += result.ok() ? 0 : 1;
  }
  void OnBreakerChanged(const redis::Address& /*node*/, bool is_open) override {
    breakers_open += is_open ? 1 : -1;
  }
  void OnProbeFailed(const redis::Address& /*node*/, const absl::Status& /*status*/) override {}
  void OnRead(absl::string_view /*kind*/, Source source) override {
    ++reads[static_cast<size_t>(source)];
  }
  void OnSharedError(SharedOperation /*operation*/, const absl::Status& /*status*/) override {
    ++shared_errors;
  }
  void OnFillDropped() override { ++fills_dropped; }
  void OnLoadWait(double /*seconds*/) override { ++load_waits; }
  void OnMemorySwitched(bool is_on, const absl::Status& /*reason*/) override {
    is_memory_on = is_on;
  }

  int Reads(Source source) const { return reads[static_cast<size_t>(source)]; }

  std::array<std::atomic<int>, 4> reads{};
  std::atomic<int> exchange_failures = 0;
  std::atomic<int> breakers_open = 0;
  std::atomic<int> shared_errors = 0;
  std::atomic<int> fills_dropped = 0;
  std::atomic<int> load_waits = 0;
  std::atomic<bool> is_memory_on = false;
};

}  // namespace clientele::cache

#endif  // COMMON_CACHE_TESTING_COUNTING_OBSERVER_H_
