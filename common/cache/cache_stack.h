#ifndef COMMON_CACHE_CACHE_STACK_H_
#define COMMON_CACHE_CACHE_STACK_H_

// The cache of one replica, put together: with Redis, or in the process alone (embedded mode).

#include <memory>
#include <optional>

#include "common/cache/observer.h"
#include "common/cache/redis/client.h"
#include "common/cache/redis/subscriber.h"
#include "common/cache/redis_level.h"
#include "common/cache/sealed_level.h"
#include "common/cache/versioned_cache.h"
#include "common/crypto/secret_key.h"
#include "common/time/clock.h"

namespace clientele::cache {

struct CacheStackOptions {
  CacheOptions cache;
  std::optional<redis::TopologyOptions> redis;  // nullopt: embedded mode
  // What goes to Redis is sealed with it, the same in all replicas; nullopt: it goes in the clear.
  std::optional<SecretKey> seal_key = std::nullopt;
};

// The Redis user needs, on keys "prefix:service:v2:*" (and "prefix:service:limit:*"
// for limits of principals, with +hmget +hset +pexpire +time) and the channel
// "prefix:service:v2:invalid": +get +getrange +set +evalsha +eval +publish +subscribe +ping, and
// +cluster|slots, +asking for a cluster, +select for a database other than 0.
class CacheStack {
 public:
  // Starts the threads of the Redis client. Never fails because Redis cannot be reached.
  CacheStack(CacheStackOptions options, const Clock& clock, CacheObserver& observer);
  CacheStack(const CacheStack&) = delete;
  CacheStack& operator=(const CacheStack&) = delete;

  VersionedCache& cache() { return *cache_; }

  // For what else is kept there; null in embedded mode.
  redis::Client* redis() { return client_.get(); }

 private:
  // In the order of use: each uses what stands above it. All but cache_ are nullptr in embedded
  // mode.
  std::unique_ptr<redis::Client> client_;
  std::unique_ptr<RedisLevel> level_;
  std::unique_ptr<SealedLevel> sealed_level_;  // nullptr without a key, too
  std::unique_ptr<VersionedCache> cache_;
  std::unique_ptr<redis::Subscriber> subscriber_;
};

}  // namespace clientele::cache

#endif  // COMMON_CACHE_CACHE_STACK_H_
