#ifndef COMMON_SERVER_CACHE_REPORTS_H_
#define COMMON_SERVER_CACHE_REPORTS_H_

// What the cache tells, as the series named at common/cache/observer.h and as log lines.

#include <array>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/types/span.h"
#include "common/cache/observer.h"
#include "common/observability/log.h"
#include "common/observability/metrics.h"

namespace clientele::server {

// Thread-safe; what it is made with outlives it.
class CacheReports final : public cache::CacheObserver {
 public:
  // Registers the series of `kinds` (cache::Kind::name) at 0, and those of Redis when there are
  // `redis_nodes`.
  CacheReports(Metrics& metrics, Logger& logger, absl::Span<const std::string> kinds,
               absl::Span<const redis::Address> redis_nodes);

  void OnExchange(const absl::Status& result, double seconds) override;
  void OnBreakerChanged(const redis::Address& node, bool is_open) override;
  void OnProbeFailed(const redis::Address& node, const absl::Status& status) override;
  // `kind` is one of `kinds` (CHECK).
  void OnRead(absl::string_view kind, cache::Source source) override;
  void OnSharedError(cache::SharedOperation operation, const absl::Status& status) override;
  void OnFillDropped() override;
  void OnLoadWait(double seconds) override;
  void OnMemorySwitched(bool is_on, const absl::Status& reason) override;

 private:
  using ReadCounters = std::array<prometheus::Counter*, 4>;  // by cache::Source

  prometheus::Counter& ErrorsOf(cache::SharedOperation operation);
  prometheus::Histogram& ExchangesOf(const absl::Status& result);
  prometheus::Gauge& BreakerOf(const redis::Address& node);
  prometheus::Counter& ProbeFailuresOf(const redis::Address& node);

  Metrics& metrics_;
  Logger& logger_;
  absl::flat_hash_map<std::string, ReadCounters> reads_;  // never changed once made
  prometheus::Counter& fills_dropped_;
  prometheus::Histogram& load_wait_;
  prometheus::Gauge& memory_on_;
  prometheus::Histogram* good_exchanges_ = nullptr;  // with Redis
};

}  // namespace clientele::server

#endif  // COMMON_SERVER_CACHE_REPORTS_H_
