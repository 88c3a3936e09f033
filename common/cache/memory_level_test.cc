#include "common/cache/memory_level.h"

#include <atomic>
#include <random>
#include <thread>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace clientele::cache {
namespace {

const absl::Time kNow = absl::FromUnixSeconds(1'700'000'000);
constexpr int64_t kBytesMax = 1 << 20;

Record Value(int64_t version, std::string payload = "payload",
             absl::Time valid_until = kNow + absl::Seconds(1)) {
  return {.version = version, .valid_until = valid_until, .payload = std::move(payload)};
}

TEST(MemoryShard, KeepsValuesTombstonesAndNegativeEntries) {
  MemoryShard shard(kBytesMax);
  const Record tombstone{.version = 5, .valid_until = kNow + absl::Seconds(1), .payload = {}};
  const Record negative{.version = 0, .valid_until = kNow + absl::Seconds(1), .payload = {}};
  EXPECT_TRUE(shard.Put("value", Value(3), kNow));
  EXPECT_TRUE(shard.Put("empty", Value(3, ""), kNow));
  EXPECT_TRUE(shard.Put("deleted", tombstone, kNow));
  EXPECT_TRUE(shard.Put("unknown", negative, kNow));
  EXPECT_EQ(shard.Get("value", kNow), Value(3));
  EXPECT_EQ(shard.Get("empty", kNow), Value(3, ""));
  EXPECT_EQ(shard.Get("deleted", kNow), tombstone);
  EXPECT_EQ(shard.Get("unknown", kNow), negative);
  EXPECT_EQ(shard.Get("other", kNow), std::nullopt);
}

TEST(MemoryShard, ForgetsWhatHasRunOut) {
  MemoryShard shard(kBytesMax);
  shard.Put("k", Value(1), kNow);
  EXPECT_TRUE(shard.Get("k", kNow + absl::Seconds(1) - absl::Microseconds(1)).has_value());
  EXPECT_FALSE(shard.Get("k", kNow + absl::Seconds(1)).has_value());
}

TEST(MemoryShard, KeepsTheNewer) {
  MemoryShard shard(kBytesMax);
  EXPECT_TRUE(shard.Put("k", Value(5, "five"), kNow));
  EXPECT_FALSE(shard.Put("k", Value(4, "four"), kNow));
  EXPECT_FALSE(shard.Put("k", Value(5, "again"), kNow));
  EXPECT_EQ(shard.Get("k", kNow)->payload, "five");
  EXPECT_TRUE(shard.Put("k", Value(5, "longer", kNow + absl::Seconds(2)), kNow));
  EXPECT_EQ(shard.Get("k", kNow)->payload, "longer");
  EXPECT_TRUE(shard.Put("k", Value(6, "six"), kNow));
  EXPECT_EQ(shard.Get("k", kNow)->payload, "six");
}

TEST(MemoryShard, TakesAnOlderOneWhenTheNewerHasRunOut) {
  MemoryShard shard(kBytesMax);
  shard.Put("k", Value(5), kNow);
  const absl::Time later = kNow + absl::Seconds(2);
  EXPECT_TRUE(shard.Put("k", Value(4, "four", later + absl::Seconds(1)), later));
  EXPECT_EQ(shard.Get("k", later)->version, 4);
}

TEST(MemoryShard, NeitherServesNorTakesWhatIsBelowTheFloor) {
  MemoryShard shard(kBytesMax);
  shard.Put("k", Value(4), kNow);
  shard.RaiseFloor("k", 4, kNow + absl::Seconds(1));
  EXPECT_TRUE(shard.Get("k", kNow).has_value());  // what it has is new enough
  shard.RaiseFloor("k", 5, kNow + absl::Seconds(1));
  EXPECT_FALSE(shard.Get("k", kNow).has_value());
  EXPECT_FALSE(shard.Put("k", Value(4), kNow));
  EXPECT_TRUE(shard.Put("k", Value(5), kNow));
  EXPECT_EQ(shard.Get("k", kNow)->version, 5);
  shard.RaiseFloor("unknown", 5, kNow + absl::Seconds(1));
  EXPECT_EQ(shard.size(), 1u);
}

TEST(MemoryShard, RefusesWhatIsTooLarge) {
  MemoryShard shard(4096);
  EXPECT_FALSE(shard.Put("k", Value(1, std::string(4096, 'x')), kNow));
  EXPECT_FALSE(shard.Put(std::string(600, 'k'), Value(1, ""), kNow));
  EXPECT_EQ(shard.size(), 0u);
}

TEST(MemoryShard, DropsTheOldestWhenItIsFull) {
  MemoryShard shard(4096);
  for (int i = 0; i < 100; ++i) {
    ASSERT_TRUE(shard.Put(absl::StrCat("key", i), Value(1, std::string(100, 'x')), kNow));
  }
  EXPECT_FALSE(shard.Get("key0", kNow).has_value());
  EXPECT_TRUE(shard.Get("key99", kNow).has_value());
  EXPECT_GT(shard.size(), 15u);
  EXPECT_LT(shard.size(), 32u);
}

// Every record that comes back is the newest that was put under its key.
TEST(MemoryShard, GivesBackWhatWasPutThroughAMillionRandomSteps) {
  MemoryShard shard(int64_t{64} * 1024);
  std::mt19937 random(20261122);
  std::vector<Record> newest(300);
  int64_t version = 0;
  int hits = 0;
  for (int step = 0; step < 1'000'000; ++step) {
    const size_t id = random() % newest.size();
    const std::string key(1 + id % 40, static_cast<char>('0' + id % 64));
    const std::string full_key = absl::StrCat(key, id);
    if (random() % 3 == 0) {
      newest[id] = Value(++version, std::string(random() % 900, static_cast<char>('a' + id % 26)));
      ASSERT_TRUE(shard.Put(full_key, newest[id], kNow));
    } else if (const auto found = shard.Get(full_key, kNow); found.has_value()) {
      ASSERT_EQ(*found, newest[id]);
      ++hits;
    }
  }
  EXPECT_GT(hits, 100'000);
}

TEST(MemoryLevel, IsEmptyAndRefusesWhileItIsOff) {
  MemoryLevel level(kBytesMax, /*is_on=*/true);
  const auto generation = level.generation();
  EXPECT_TRUE(level.Put("k", Value(1), kNow, generation));
  level.Switch(false);
  EXPECT_FALSE(level.Get("k", kNow).has_value());
  EXPECT_EQ(level.size(), 0u);
  EXPECT_FALSE(level.Put("k", Value(1), kNow, level.generation()));
}

TEST(MemoryLevel, RefusesWhatWasReadBeforeItWasSwitchedOnAgain) {
  MemoryLevel level(kBytesMax, /*is_on=*/true);
  const auto before = level.generation();
  level.Switch(false);
  level.Switch(true);
  EXPECT_FALSE(level.Put("k", Value(1), kNow, before));
  EXPECT_TRUE(level.Put("k", Value(1), kNow, level.generation()));
}

TEST(MemoryLevel, HoldsNothingAfterTheLastSwitchOffHoweverManyPut) {
  MemoryLevel level(kBytesMax, /*is_on=*/true);
  std::atomic<bool> done = false;
  std::vector<std::thread> threads;
  threads.reserve(4);
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&, i] {
      for (int64_t n = 1; !done; ++n) {
        const std::string key = absl::StrCat("key", n % 50);
        level.Put(key, Value(n), kNow, level.generation());
        level.RaiseFloor(key, n + i, kNow + absl::Seconds(1));
        level.Get(key, kNow);
      }
    });
  }
  for (int i = 0; i < 1000; ++i) {
    level.Switch(i % 2 == 0);
  }
  EXPECT_FALSE(level.is_on());
  EXPECT_EQ(level.size(), 0u);
  done = true;
  for (std::thread& thread : threads) {
    thread.join();
  }
}

}  // namespace
}  // namespace clientele::cache
