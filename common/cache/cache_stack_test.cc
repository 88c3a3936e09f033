#include "common/cache/cache_stack.h"

#include <thread>

#include "absl/time/clock.h"
#include "common/cache/redis/testing/private_redis.h"
#include "common/cache/testing/counting_observer.h"
#include "common/cache/testing/replica.h"
#include "gtest/gtest.h"

namespace clientele::cache {
namespace {

constexpr Kind kKind = {"widget", absl::Minutes(5), absl::Seconds(5)};

CacheStackOptions Options() {
  CacheStackOptions options;
  options.cache.service = "svc";
  options.cache.memory_bytes_max = 1 << 20;
  return options;
}

// Reads a row at `version`; whether it was loaded.
bool IsLoaded(CacheStack& stack, int64_t version) {
  bool is_loaded = false;
  const auto record = stack.cache().Get(kKind, "1", {}, absl::InfiniteFuture(), [&] {
    is_loaded = true;
    return absl::StatusOr<Record>(Record{.version = version, .payload = "p"});
  });
  EXPECT_TRUE(record.ok()) << record.status();
  return is_loaded;
}

TEST(CacheStack, CachesInTheProcessAloneInEmbeddedMode) {
  const SystemClock clock;
  CountingObserver observer;
  CacheStack stack(Options(), clock, observer);
  EXPECT_TRUE(IsLoaded(stack, 1));
  EXPECT_FALSE(IsLoaded(stack, 1));
}

TEST(CacheStack, ServesWithoutRedisAndUsesItOnceItIsThere) {
  const SystemClock clock;
  CountingObserver observer;
  redis::PrivateRedis redis;
  redis.Kill();
  CacheStackOptions options = Options();
  options.redis = Replica::TopologyOf(redis.address(), kNoHurry);
  CacheStack stack(options, clock, observer);
  EXPECT_TRUE(IsLoaded(stack, 1));
  EXPECT_TRUE(IsLoaded(stack, 1));
  redis.Start();
  const absl::Time give_up = absl::Now() + absl::Seconds(60);
  while (observer.Reads(Source::kMemory) == 0 && absl::Now() < give_up) {
    IsLoaded(stack, 1);
  }
  EXPECT_GT(observer.Reads(Source::kMemory), 0);
  CacheStack other(options, clock, observer);
  EXPECT_FALSE(IsLoaded(other, 1));
}

// What the header says a user of Redis needs is all it needs.
TEST(CacheStack, NeedsNoMoreThanTheRightsItNames) {
  const SystemClock clock;
  CountingObserver observer;
  redis::PrivateRedis redis;
  redis.Ask({"ACL", "SETUSER", "default", "resetkeys", "resetchannels", "-@all",
             "~clientele:svc:v2:*", "&clientele:svc:v2:invalid", "+get", "+getrange", "+set",
             "+evalsha", "+eval", "+publish", "+subscribe", "+ping"});
  CacheStackOptions options = Options();
  options.redis = Replica::TopologyOf(redis.address(), kNoHurry);
  CacheStack stack(options, clock, observer);
  while (!observer.is_memory_on) {
    std::this_thread::yield();
  }
  EXPECT_TRUE(IsLoaded(stack, 1));
  stack.cache().Put(kKind, "1", {.version = 2, .payload = "p"}, clock.Now());
  CacheStack other(options, clock, observer);
  EXPECT_FALSE(IsLoaded(other, 1));
  EXPECT_EQ(observer.shared_errors, 0);
}

}  // namespace
}  // namespace clientele::cache
