#ifndef COMMON_CACHE_TESTING_REPLICA_H_
#define COMMON_CACHE_TESTING_REPLICA_H_

// The cache of one replica on a private Redis, put together so that a test can break a part of it.

#include <functional>
#include <memory>
#include <thread>
#include <utility>

#include "absl/time/clock.h"
#include "common/cache/limits.h"
#include "common/cache/redis/client.h"
#include "common/cache/redis/subscriber.h"
#include "common/cache/redis_level.h"
#include "common/cache/testing/counting_observer.h"
#include "common/cache/versioned_cache.h"
#include "common/status/macros.h"

namespace clientele::cache {

// Makes the shared level that is used instead of `real`, on the same client.
using LevelMaker =
    std::function<std::unique_ptr<SharedLevel>(redis::Client& client, RedisLevel& real)>;

// A latency budget for tests without a fault: only a broken server takes that long.
inline constexpr absl::Duration kNoHurry = absl::Seconds(30);

struct Replica {
  Replica(const redis::Address& address, absl::Duration latency_budget, const CacheOptions& options,
          const Clock& clock, const LevelMaker& make_level)
      : client(TopologyOf(address, latency_budget), observer),
        real_level(client, KeySpace(options.prefix, options.service).channel()),
        level(make_level == nullptr ? nullptr : make_level(client, real_level)),
        cache(options, level == nullptr ? &real_level : level.get(), clock, observer),
        subscriber(client.topology(), KeySpace(options.prefix, options.service).channel(),
                   kChannelSilenceMax,
                   {.on_up = [this] { cache.OnChannelUp(); },
                    .on_message = [this](absl::string_view t) { cache.OnChannelMessage(t); },
                    .on_down = [this](const absl::Status& why) { cache.OnChannelDown(why); }}) {}

  static redis::TopologyOptions TopologyOf(const redis::Address& address,
                                           absl::Duration latency_budget) {
    redis::TopologyOptions options;
    options.addresses = {address};
    options.node.latency_budget = latency_budget;
    return options;
  }

  // Returns when the memory level is on and the breaker closed, or off and open.
  void AwaitHealth(bool is_healthy) const {
    const absl::Time give_up = absl::Now() + absl::Seconds(60);
    while (observer.is_memory_on != is_healthy || (observer.breakers_open == 0) != is_healthy) {
      CLIENTELE_CHECK(absl::Now() < give_up);
      std::this_thread::yield();
    }
  }

  CountingObserver observer;
  redis::Client client;
  RedisLevel real_level;
  std::unique_ptr<SharedLevel> level;  // nullptr: the real one is used
  VersionedCache cache;
  redis::Subscriber subscriber;
};

}  // namespace clientele::cache

#endif  // COMMON_CACHE_TESTING_REPLICA_H_
