#ifndef COMMON_CACHE_OBSERVER_H_
#define COMMON_CACHE_OBSERVER_H_

// What the cache tells of its doings: for metrics. No key, id or value is ever among it.
//
// The series meant for it, beside those of redis::ClientObserver (`kind` as in Kind::name):
//   clientele_<svc>_cache_reads_total{kind,source}     OnRead; source: memory, shared, flight, load
//   clientele_<svc>_cache_errors_total{operation}      OnSharedError; operation: read, write
//   clientele_<svc>_cache_fills_dropped_total          OnFillDropped
//   clientele_<svc>_cache_load_wait_seconds            OnLoadWait
//   clientele_<svc>_cache_memory_on                    OnMemorySwitched; 1 or 0
//   clientele_<svc>_redis_exchange_seconds{result}     OnExchange; result: a status code
//   clientele_<svc>_redis_breaker_open{node}           OnBreakerChanged; 1 or 0
//   clientele_<svc>_redis_probe_failures_total{node}   OnProbeFailed

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "common/cache/redis/observer.h"

namespace clientele::cache {

// Where a record that was asked for came from.
enum class Source {
  kMemory,  // the level in the process
  kShared,  // the level in Redis
  kFlight,  // the load or the shared read of another caller
  kLoad,    // loaded
};

enum class SharedOperation { kRead, kWrite };

// Called from many threads at once; must be quick and must not throw.
class CacheObserver : public redis::ClientObserver {
 public:
  // One record that was asked for was found.
  virtual void OnRead(absl::string_view kind, Source source) = 0;
  // The shared level could not be asked about one key.
  virtual void OnSharedError(SharedOperation operation, const absl::Status& status) = 0;
  // A record was read too long ago to be kept.
  virtual void OnFillDropped() = 0;
  // A load waited this long for its turn, because the shared level was away.
  virtual void OnLoadWait(double seconds) = 0;
  // The memory level was switched on or off, for this reason.
  virtual void OnMemorySwitched(bool is_on, const absl::Status& reason) = 0;
};

}  // namespace clientele::cache

#endif  // COMMON_CACHE_OBSERVER_H_
