// quality.md R7: two replicas read and write through one Redis that is killed, paused and flushed.

#include <limits>
#include <random>
#include <thread>

#include "absl/strings/str_cat.h"
#include "common/cache/redis/testing/private_redis.h"
#include "common/cache/testing/coherence_checker.h"
#include "common/cache/testing/replica.h"
#include "common/testing/seed.h"
#include "gtest/gtest.h"

namespace clientele::cache {
namespace {

constexpr size_t kRowCount = 20;
constexpr int64_t kReadsMin = 50'000;

CacheOptions Options(absl::Duration memory_ttl) {
  CacheOptions options;
  options.service = "svc";
  options.memory_bytes_max = 1 << 20;
  options.memory_ttl = memory_ttl;
  return options;
}

// What two replicas do, and what is checked of it.
struct Scene {
  Scene(const redis::PrivateRedis& redis, const Clock& the_clock, const Kind& the_kind,
        absl::Duration memory_ttl, absl::Duration behind_max, absl::Duration latency_budget,
        const LevelMaker& make_level)
      : clock(the_clock),
        kind(the_kind),
        table(kRowCount, the_clock.Now()),
        checker(table, behind_max),
        a(redis.address(), latency_budget, Options(memory_ttl), clock, make_level),
        b(redis.address(), latency_budget, Options(memory_ttl), clock, make_level) {}

  Replica& Choose(uint64_t random) { return random % 2 == 0 ? a : b; }

  // `during_load` runs between the reading of the row and its fill.
  template <typename DuringLoad>
  void Read(Replica& replica, size_t row, const ReadRule& rule, DuringLoad during_load) {
    const absl::Time begin = clock.Now();
    const auto record =
        replica.cache.Get(kind, absl::StrCat(row), rule, absl::InfiniteFuture(), [&] {
          Record loaded = table.Read(row);
          during_load();
          return absl::StatusOr<Record>(std::move(loaded));
        });
    ASSERT_TRUE(record.ok()) << record.status();
    checker.Check(row, rule, begin, *record);
  }

  void Write(Replica& replica, size_t row) {
    const absl::Time begin = clock.Now();
    replica.cache.Put(kind, absl::StrCat(row), table.Write(row, begin), begin);
  }

  const Clock& clock;
  const Kind kind;
  VersionedTable table;
  CoherenceChecker checker;
  Replica a;
  Replica b;
};

// Reads and writes at random until `done`.
void Work(Scene& scene, uint64_t seed, const std::atomic<bool>& done) {
  std::mt19937_64 random(seed);
  while (!done) {
    const size_t row = random() % kRowCount;
    if (random() % 64 == 0) {
      scene.Write(scene.Choose(random()), row);
    }
    ReadRule rule;
    if (random() % 4 == 0) {
      rule.min_version = scene.table.CurrentVersion(row);
    }
    scene.Read(scene.Choose(random()), row, rule, [] {});
  }
}

TEST(Coherence, HoldsWhileRedisIsKilledPausedAndFlushed) {
  constexpr absl::Duration kMemoryTtl = absl::Milliseconds(50);
  const Kind kind = {"row", absl::Milliseconds(200), absl::Milliseconds(50)};
  const SystemClock clock;
  redis::PrivateRedis redis;
  Scene scene(redis, clock, kind, kMemoryTtl, kind.shared_ttl + kMemoryTtl + absl::Seconds(1),
              absl::Milliseconds(20), nullptr);
  std::atomic<bool> done = false;
  std::vector<std::thread> workers;
  workers.reserve(4);
  const uint64_t first_seed = TestSeed(1);
  for (uint64_t seed = first_seed; seed < first_seed + 4; ++seed) {
    workers.emplace_back([&scene, &done, seed] { Work(scene, seed, done); });
  }
  const auto await = [&scene](bool is_healthy) {
    scene.a.AwaitHealth(is_healthy);
    scene.b.AwaitHealth(is_healthy);
  };
  for (int round = 0; round < 4 || scene.checker.reads() < kReadsMin; ++round) {
    await(true);
    redis.Kill();
    await(false);
    redis.Start();
    await(true);
    redis.Pause();
    await(false);
    redis.Resume();
    await(true);
    redis.Ask({"FLUSHALL"});
  }
  done = true;
  for (std::thread& worker : workers) {
    worker.join();
  }
  EXPECT_GE(scene.checker.reads(), kReadsMin);
  EXPECT_EQ(scene.checker.below_min(), 0);
  EXPECT_EQ(scene.checker.too_far_behind(), 0);
  // The test is not one of loads alone.
  for (const Source source : {Source::kMemory, Source::kShared, Source::kLoad}) {
    EXPECT_GT(scene.a.observer.Reads(source), 100);
  }
}

// Steps of two replicas on one thread and one clock, no fault: a write that was handed to Redis is
// seen by all who read a second (and a memory_ttl) later, however long records live in Redis. Many
// writes happen between the reading of a row and its fill.
void RunSteps(Scene& scene, FakeClock& clock, uint64_t seed) {
  std::mt19937_64 random(seed);
  scene.a.AwaitHealth(true);
  scene.b.AwaitHealth(true);
  for (int step = 0; step < 5'000; ++step) {
    const size_t row = random() % kRowCount;
    switch (random() % 8) {
      case 0:
        clock.Advance(absl::Milliseconds(random() % 1500));
        break;
      case 1:
        scene.Write(scene.Choose(random()), row);
        break;
      default: {
        ReadRule rule;
        if (random() % 4 == 0) {
          rule.min_version = scene.table.CurrentVersion(row);
        }
        const bool is_overtaken = random() % 2 == 0;
        Replica& writer = scene.Choose(random());
        scene.Read(scene.Choose(random()), row, rule, [&] {
          if (is_overtaken) {
            scene.Write(writer, row);
          }
        });
      }
    }
  }
}

class CoherenceInSteps : public ::testing::Test {
 protected:
  static constexpr absl::Duration kMemoryTtl = absl::Milliseconds(20);
  static constexpr Kind kKind = {"row", absl::Seconds(60), absl::Seconds(1)};

  std::unique_ptr<Scene> Run(const LevelMaker& make_level) {
    auto scene = std::make_unique<Scene>(redis_, clock_, kKind, kMemoryTtl,
                                         kMemoryTtl + absl::Seconds(1), kNoHurry, make_level);
    RunSteps(*scene, clock_, TestSeed(20261122));
    EXPECT_GT(scene->checker.reads(), 3'000);
    return scene;
  }

  redis::PrivateRedis redis_;
  FakeClock clock_{absl::Now()};
};

TEST_F(CoherenceInSteps, HoldsWhenWritesOvertakeFills) {
  const auto scene = Run(nullptr);
  EXPECT_EQ(scene->checker.below_min(), 0);
  EXPECT_EQ(scene->checker.too_far_behind(), 0);
}

// A planted defect: sets without looking at versions.
class CarelessLevel final : public SharedLevel {
 public:
  CarelessLevel(redis::Client& client, RedisLevel& real) : client_(client), real_(real) {}

  std::vector<absl::StatusOr<std::optional<Record>>> Read(absl::Span<const absl::string_view> keys,
                                                          absl::Time deadline) override {
    return real_.Read(keys, deadline);
  }
  std::vector<absl::Status> Write(absl::Span<const SharedWrite> writes,
                                  absl::Time deadline) override {
    std::vector<absl::Status> results;
    results.reserve(writes.size());
    for (const SharedWrite& write : writes) {
      redis::Command command{.key = write.key, .bytes = {}};
      redis::AppendCommand({"SET", write.key, EncodeRecord(write.record), "PX", "60000"},
                           command.bytes);
      results.push_back(client_.Run({command}, deadline)[0].status());
    }
    return results;
  }

 private:
  redis::Client& client_;
  RedisLevel& real_;
};

TEST_F(CoherenceInSteps, IsBrokenBySettingWithoutAVersionCheck) {
  const auto scene = Run([](redis::Client& client, RedisLevel& real) {
    return std::make_unique<CarelessLevel>(client, real);
  });
  EXPECT_GT(scene->checker.too_far_behind(), 0);
}

// A planted defect: every record claims to be the newest.
class BoastfulLevel final : public SharedLevel {
 public:
  explicit BoastfulLevel(RedisLevel& real) : real_(real) {}

  std::vector<absl::StatusOr<std::optional<Record>>> Read(absl::Span<const absl::string_view> keys,
                                                          absl::Time deadline) override {
    auto records = real_.Read(keys, deadline);
    for (auto& record : records) {
      if (record.ok() && record->has_value()) {
        (*record)->version = std::numeric_limits<int64_t>::max();
      }
    }
    return records;
  }
  std::vector<absl::Status> Write(absl::Span<const SharedWrite> writes,
                                  absl::Time deadline) override {
    return real_.Write(writes, deadline);
  }

 private:
  RedisLevel& real_;
};

TEST_F(CoherenceInSteps, IsBrokenByRecordsThatDoNotSayTheirVersion) {
  const auto scene = Run([](redis::Client& /*client*/, RedisLevel& real) {
    return std::make_unique<BoastfulLevel>(real);
  });
  EXPECT_GT(scene->checker.below_min(), 0);
}

}  // namespace
}  // namespace clientele::cache
