// What a cached read costs: from memory, and from a private Redis.

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "benchmark/benchmark.h"
#include "common/cache/redis/testing/private_redis.h"
#include "common/cache/testing/replica.h"

namespace clientele::cache {
namespace {

constexpr Kind kKind = {"row", absl::Minutes(5), absl::Seconds(5)};
constexpr size_t kPayloadBytes = 1000;
constexpr int kRowCount = 1000;

CacheOptions Options() {
  CacheOptions options;
  options.service = "bench";
  return options;
}

absl::StatusOr<Record> Load() {
  return Record{.version = 1, .payload = std::string(kPayloadBytes, 'x')};
}

void BM_ReadFromMemory(benchmark::State& state) {
  const FakeClock clock(absl::FromUnixSeconds(1'700'000'000));
  CountingObserver observer;
  VersionedCache cache(Options(), nullptr, clock, observer);
  int64_t row = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(
        cache.Get(kKind, absl::StrCat(row++ % kRowCount), {}, absl::InfiniteFuture(), Load));
  }
}
BENCHMARK(BM_ReadFromMemory);

// Batches of `range(0)`; the memory level stays off, for nobody tells it that the channel is up.
void BM_ReadFromRedis(benchmark::State& state) {
  const redis::PrivateRedis redis;
  const SystemClock clock;
  CountingObserver observer;
  redis::Client client(Replica::TopologyOf(redis.address(), kNoHurry), observer);
  RedisLevel level(client, "channel");
  VersionedCache cache(Options(), &level, clock, observer);
  std::vector<std::string> ids;
  std::vector<ReadRequest> requests;
  ids.reserve(static_cast<size_t>(state.range(0)));
  requests.reserve(static_cast<size_t>(state.range(0)));
  for (int64_t i = 0; i < state.range(0); ++i) {
    ids.push_back(absl::StrCat(i));
    requests.push_back({ids.back(), {}});
  }
  for (auto _ : state) {
    benchmark::DoNotOptimize(
        cache.BatchGet(kKind, requests, absl::InfiniteFuture(),
                       [](absl::Span<const size_t> wanted) -> absl::StatusOr<std::vector<Record>> {
                         return std::vector<Record>(wanted.size(), *Load());
                       }));
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(BM_ReadFromRedis)->Arg(1)->Arg(100)->Arg(1000)->UseRealTime();

}  // namespace
}  // namespace clientele::cache

BENCHMARK_MAIN();
