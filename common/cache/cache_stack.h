#ifndef COMMON_CACHE_CACHE_STACK_H_
#define COMMON_CACHE_CACHE_STACK_H_

// The cache of one replica, put together: with Redis, or in the process alone (embedded mode).

#include <memory>
#include <optional>

#include "common/cache/observer.h"
#include "common/cache/redis/client.h"
#include "common/cache/redis/subscriber.h"
#include "common/cache/redis_level.h"
#include "common/cache/versioned_cache.h"
#include "common/time/clock.h"

namespace clientele::cache {

struct CacheStackOptions {
  CacheOptions cache;
  std::optional<redis::TopologyOptions> redis;  // nullopt: embedded mode
};

// The Redis user needs, on keys "prefix:service:v1:*" and the channel "prefix:service:v1:invalid":
// +get +getrange +set +evalsha +eval +publish +subscribe +ping, and +cluster|slots, +asking for a
// cluster, +select for a database other than 0.
class CacheStack {
 public:
  // Starts the threads of the Redis client. Never fails because Redis cannot be reached.
  CacheStack(CacheStackOptions options, const Clock& clock, CacheObserver& observer);
  CacheStack(const CacheStack&) = delete;
  CacheStack& operator=(const CacheStack&) = delete;

  VersionedCache& cache() { return *cache_; }

 private:
  // In the order of use: each uses what stands above it. All but cache_ are nullptr in embedded
  // mode.
  std::unique_ptr<redis::Client> client_;
  std::unique_ptr<RedisLevel> level_;
  std::unique_ptr<VersionedCache> cache_;
  std::unique_ptr<redis::Subscriber> subscriber_;
};

}  // namespace clientele::cache

#endif  // COMMON_CACHE_CACHE_STACK_H_
