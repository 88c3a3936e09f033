#ifndef COMMON_CACHE_REDIS_OBSERVER_H_
#define COMMON_CACHE_REDIS_OBSERVER_H_

// What the Redis client tells of its doings: for metrics and the log. No key and no value is ever
// among it.

#include "absl/status/status.h"
#include "common/cache/redis/address.h"

namespace clientele::redis {

// Called from many threads at once; must be quick and must not throw.
class ClientObserver {
 public:
  virtual ~ClientObserver() = default;

  // One pipeline with one node ended after `seconds`, from taking a connection to the last reply.
  // `result` is OK when all replies came, be they errors of single commands.
  virtual void OnExchange(const absl::Status& result, double seconds) = 0;

  // The breaker of a node opened or closed.
  virtual void OnBreakerChanged(const Address& node, bool is_open) = 0;

  // A node was probed in vain, or could not tell the slot map: every kProbeInterval while it lasts.
  virtual void OnProbeFailed(const Address& node, const absl::Status& status) = 0;
};

}  // namespace clientele::redis

#endif  // COMMON_CACHE_REDIS_OBSERVER_H_
