#include "common/cache/redis_level.h"

#include <limits>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/cache/redis/limits.h"
#include "common/cache/redis/testing/private_cluster.h"
#include "common/cache/redis/testing/private_redis.h"
#include "common/cache/set_if_newer.h"
#include "common/cache/testing/counting_observer.h"
#include "common/cache/testing/replica.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace clientele::cache {
namespace {

using ::testing::HasSubstr;

const absl::Time kLater = absl::FromUnixSeconds(1'900'000'000);
const absl::Time kForever = absl::InfiniteFuture();

Record At(int64_t version, absl::Time valid_until = kLater) {
  return {.version = version,
          .valid_until = valid_until,
          .payload = absl::StrCat(version, " until ", absl::ToUnixMicros(valid_until))};
}

class RedisLevelTest : public ::testing::Test {
 protected:
  absl::Status Write(const Record& record, bool announce = false,
                     absl::Duration ttl = absl::Seconds(60)) {
    return level_.Write({{.key = "k", .record = record, .ttl = ttl, .announce = announce}},
                        kForever)[0];
  }
  absl::StatusOr<std::optional<Record>> Read() { return level_.Read({"k"}, kForever)[0]; }

  redis::PrivateRedis redis_;
  CountingObserver observer_;
  redis::Client client_{Replica::TopologyOf(redis_.address(), kNoHurry), observer_};
  RedisLevel level_{client_, "channel"};
};

TEST_F(RedisLevelTest, KeepsTheNewerOfTwoVersions) {
  EXPECT_EQ(*Read(), std::nullopt);
  ASSERT_TRUE(Write(At(5)).ok());
  EXPECT_EQ(*Read(), At(5));
  ASSERT_TRUE(Write(At(4)).ok());
  EXPECT_EQ(*Read(), At(5));
  ASSERT_TRUE(Write(At(6)).ok());
  EXPECT_EQ(*Read(), At(6));
}

TEST_F(RedisLevelTest, ComparesVersionsThatADoubleCannotTellApart) {
  constexpr int64_t kLarge = std::numeric_limits<int64_t>::max();
  for (const int64_t newer : {(int64_t{1} << 53) + 1, (int64_t{1} << 32), kLarge}) {
    redis_.Ask({"FLUSHALL"});
    ASSERT_TRUE(Write(At(newer)).ok());
    ASSERT_TRUE(Write(At(newer - 1)).ok());
    EXPECT_EQ((*Read())->version, newer);
    redis_.Ask({"FLUSHALL"});
    ASSERT_TRUE(Write(At(newer - 1)).ok());
    ASSERT_TRUE(Write(At(newer)).ok());
    EXPECT_EQ((*Read())->version, newer);
  }
}

TEST_F(RedisLevelTest, KeepsOfOneVersionWhatIsValidForLonger) {
  ASSERT_TRUE(Write(At(5)).ok());
  ASSERT_TRUE(Write(At(5, kLater - absl::Microseconds(1))).ok());
  EXPECT_EQ(*Read(), At(5));
  ASSERT_TRUE(Write(At(5, kLater + absl::Microseconds(1))).ok());
  EXPECT_EQ(*Read(), At(5, kLater + absl::Microseconds(1)));
}

TEST_F(RedisLevelTest, ReplacesANegativeEntryAndKeepsATombstone) {
  const Record negative{.version = 0, .valid_until = kLater, .payload = {}};
  const Record tombstone{.version = 7, .valid_until = kLater, .payload = {}};
  ASSERT_TRUE(Write(negative).ok());
  EXPECT_EQ(*Read(), negative);
  ASSERT_TRUE(Write(At(1)).ok());
  ASSERT_TRUE(Write(negative).ok());
  EXPECT_EQ(*Read(), At(1));
  ASSERT_TRUE(Write(tombstone).ok());
  ASSERT_TRUE(Write(At(6)).ok());
  EXPECT_EQ(*Read(), tombstone);
}

TEST_F(RedisLevelTest, LetsRedisForgetWhatRanOut) {
  ASSERT_TRUE(Write(At(5), false, absl::Seconds(100)).ok());
  const int64_t left_ms = redis_.Ask({"PTTL", "k"}).integer;
  EXPECT_GT(left_ms, 60'000);
  EXPECT_LE(left_ms, 100'000);
}

TEST_F(RedisLevelTest, WritesAgainWhenRedisHasForgottenTheScript) {
  ASSERT_TRUE(Write(At(1)).ok());
  redis_.Ask({"SCRIPT", "FLUSH"});
  ASSERT_TRUE(Write(At(2)).ok());
  EXPECT_EQ((*Read())->version, 2);
  ASSERT_TRUE(Write(At(3)).ok());
  // By digest from the second time on.
  EXPECT_THAT(redis_.Ask({"INFO", "commandstats"}).text, HasSubstr("cmdstat_eval:calls=2"));
}

TEST_F(RedisLevelTest, ReplacesWhatIsNoRecordAndSaysSoUntilThen) {
  redis_.Ask({"SET", "k", "something else"});
  EXPECT_TRUE(absl::IsDataLoss(Read().status()));
  ASSERT_TRUE(Write(At(1)).ok());
  EXPECT_EQ(*Read(), At(1));
  redis_.Ask({"DEL", "k"});
  redis_.Ask({"RPUSH", "k", "a list"});
  EXPECT_TRUE(absl::IsDataLoss(Read().status()));
  EXPECT_FALSE(Write(At(2)).ok());
}

TEST_F(RedisLevelTest, ReadsAndWritesMoreThanOnePipelineHolds) {
  const size_t count = redis::kPipelineCommandsMax * 2 + 1;
  std::vector<std::string> keys;
  std::vector<SharedWrite> writes;
  keys.reserve(count);
  writes.reserve(count);
  for (size_t i = 0; i < count; ++i) {
    keys.push_back(absl::StrCat("key", i));
    writes.push_back({.key = keys[i],
                      .record = At(static_cast<int64_t>(i) + 1),
                      .ttl = absl::Seconds(60),
                      .announce = false});
  }
  for (const absl::Status& written : level_.Write(writes, kForever)) {
    ASSERT_TRUE(written.ok()) << written;
  }
  const auto records =
      level_.Read(std::vector<absl::string_view>(keys.begin(), keys.end()), kForever);
  for (size_t i = 0; i < count; ++i) {
    ASSERT_EQ(**records[i], writes[i].record);
  }
}

TEST_F(RedisLevelTest, FailsWithoutRedis) {
  redis_.Kill();
  EXPECT_FALSE(Read().ok());
  EXPECT_FALSE(Write(At(1)).ok());
}

TEST(RedisCache, TellsAnotherReplicaWhatWasWritten) {
  redis::PrivateRedis redis;
  const FakeClock clock(absl::Now());  // stands still: without the invalidation, memory serves on
  CacheOptions options;
  options.service = "svc";
  options.memory_bytes_max = 1 << 20;
  Replica a(redis.address(), kNoHurry, options, clock, nullptr);
  Replica b(redis.address(), kNoHurry, options, clock, nullptr);
  a.AwaitHealth(true);
  b.AwaitHealth(true);
  const Kind kind = {"row", absl::Minutes(5), absl::Seconds(5)};
  const auto read = [&kind](Replica& replica, int64_t row_version) {
    return replica.cache
        .Get(kind, "1", {}, kForever, [&] { return absl::StatusOr<Record>(At(row_version)); })
        ->version;
  };
  EXPECT_EQ(read(b, 1), 1);
  a.cache.Put(kind, "1", At(2), clock.Now());
  const absl::Time begin = absl::Now();
  while (read(b, 2) != 2) {
    ASSERT_LT(absl::Now() - begin, absl::Seconds(60));
  }
}

TEST(RedisCache, WorksOnACluster) {
  redis::PrivateCluster cluster;
  CountingObserver observer;
  redis::TopologyOptions options;
  options.addresses = cluster.addresses();
  options.is_cluster = true;
  options.node.latency_budget = kNoHurry;
  redis::Client client(options, observer);
  RedisLevel level(client, "channel");
  std::vector<std::string> keys;
  std::vector<SharedWrite> writes;
  keys.reserve(200);
  writes.reserve(200);
  for (int i = 0; i < 200; ++i) {
    keys.push_back(absl::StrCat("key", i));
    writes.push_back(
        {.key = keys.back(), .record = At(i + 1), .ttl = absl::Seconds(60), .announce = true});
  }
  std::atomic<bool> is_up = false;
  std::atomic<size_t> heard = 0;
  const redis::Subscriber subscriber(client.topology(), "channel", kChannelSilenceMax,
                                     {.on_up = [&] { is_up = true; },
                                      .on_message = [&](absl::string_view /*text*/) { ++heard; },
                                      .on_down = [](const absl::Status& /*why*/) {}});
  while (!is_up || client.topology().NodeOf("any") == nullptr) {
    std::this_thread::yield();
  }
  for (const absl::Status& written : level.Write(writes, kForever)) {
    ASSERT_TRUE(written.ok()) << written;
  }
  const auto records =
      level.Read(std::vector<absl::string_view>(keys.begin(), keys.end()), kForever);
  for (size_t i = 0; i < keys.size(); ++i) {
    ASSERT_TRUE(records[i].ok()) << records[i].status();
    ASSERT_EQ(**records[i], writes[i].record);
  }
  // Whichever node a write went to, the one that is listened to tells of it.
  while (heard < keys.size()) {
    std::this_thread::yield();
  }
}

}  // namespace
}  // namespace clientele::cache
