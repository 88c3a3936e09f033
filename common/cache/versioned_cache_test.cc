#include "common/cache/versioned_cache.h"

#include <atomic>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/cache/limits.h"
#include "common/cache/set_if_newer.h"
#include "common/cache/testing/counting_observer.h"
#include "common/cache/testing/fake_shared_level.h"
#include "common/status/error.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace clientele::cache {
namespace {

using ::testing::ElementsAre;

constexpr Kind kKind = {"widget", absl::Minutes(5), absl::Seconds(5)};
constexpr absl::string_view kId = "17";
constexpr absl::string_view kKey = "clientele:svc:v2:widget:17";
const absl::Time kForever = absl::InfiniteFuture();

Record Value(int64_t version) {
  return {.version = version, .payload = absl::StrCat("version ", version)};
}

// One replica with a shared level, and the row it reads.
class VersionedCacheTest : public ::testing::Test {
 protected:
  VersionedCacheTest() { cache_.OnChannelUp(); }

  static CacheOptions Options() {
    CacheOptions options;
    options.service = "svc";
    options.memory_bytes_max = 1 << 20;
    options.loads_max = 1;
    return options;
  }

  // The version that a reader gets, while the row is at `row_`.
  int64_t Read(const ReadRule& rule = {}) { return ReadFrom(cache_, rule); }
  int64_t ReadFrom(VersionedCache& cache, const ReadRule& rule = {}) {
    const auto record = cache.Get(kKind, kId, rule, kForever, [this] {
      ++loads_;
      return absl::StatusOr<Record>(row_);
    });
    EXPECT_TRUE(record.ok()) << record.status();
    return record.ok() ? record->version : -1;
  }

  FakeClock clock_{absl::FromUnixSeconds(1'700'000'000)};
  CountingObserver observer_;
  FakeSharedLevel shared_;
  VersionedCache cache_{Options(), &shared_, clock_, observer_};
  Record row_ = Value(1);
  std::atomic<int> loads_ = 0;
};

TEST_F(VersionedCacheTest, LoadsOnceAndThenServesFromMemory) {
  EXPECT_EQ(Read(), 1);
  EXPECT_EQ(Read(), 1);
  EXPECT_EQ(loads_, 1);
  EXPECT_EQ(observer_.Reads(Source::kLoad), 1);
  EXPECT_EQ(observer_.Reads(Source::kMemory), 1);
}

TEST_F(VersionedCacheTest, ServesFromTheSharedLevelWhatRanOutInMemory) {
  Read();
  clock_.Advance(absl::Seconds(1));
  EXPECT_EQ(Read(), 1);
  EXPECT_EQ(observer_.Reads(Source::kShared), 1);
  EXPECT_EQ(Read(), 1);
  EXPECT_EQ(observer_.Reads(Source::kMemory), 1);
  EXPECT_EQ(loads_, 1);
}

TEST_F(VersionedCacheTest, LoadsAgainWhatRanOutInTheSharedLevel) {
  Read();
  clock_.Advance(kKind.shared_ttl);
  row_ = Value(2);
  EXPECT_EQ(Read(), 2);
}

TEST_F(VersionedCacheTest, ServesNothingBeyondItsOwnValidity) {
  row_.valid_until = clock_.Now() + absl::Milliseconds(10);
  Read();
  clock_.Advance(absl::Milliseconds(10));
  row_ = Value(1);
  row_.payload = "changed by time alone";
  Read();
  EXPECT_EQ(loads_, 2);
  EXPECT_EQ(shared_.Held(std::string(kKey))->payload, "changed by time alone");
}

TEST_F(VersionedCacheTest, BypassesWhatIsBelowTheVersionAskedFor) {
  Read();
  row_ = Value(2);
  EXPECT_EQ(Read(), 1);
  EXPECT_EQ(Read({.min_version = 2}), 2);
  EXPECT_EQ(Read(), 2);  // and what it loaded is kept
  EXPECT_EQ(loads_, 2);
}

TEST_F(VersionedCacheTest, ReadsTheDatabaseForAStrongRead) {
  Read();
  row_ = Value(2);
  EXPECT_EQ(Read({.strong = true}), 2);
  EXPECT_EQ(Read(), 2);
}

TEST_F(VersionedCacheTest, ServesAWriteAtOnceHereAndToOtherReplicas) {
  VersionedCache other(Options(), &shared_, clock_, observer_);
  other.OnChannelUp();
  Read();
  ReadFrom(other);
  row_ = Value(2);
  cache_.Put(kKind, kId, row_, clock_.Now());
  EXPECT_EQ(shared_.announced(), 1);
  EXPECT_EQ(Read(), 2);
  other.OnChannelMessage(EncodeInvalidation(2, kKey));
  EXPECT_EQ(ReadFrom(other), 2);
  EXPECT_EQ(loads_, 1);
}

TEST_F(VersionedCacheTest, KeepsItsOwnWriteWhenItHearsOfItself) {
  cache_.Put(kKind, kId, Value(2), clock_.Now());
  cache_.OnChannelMessage(EncodeInvalidation(2, kKey));
  EXPECT_EQ(Read(), 2);
  EXPECT_EQ(observer_.Reads(Source::kMemory), 1);
}

TEST_F(VersionedCacheTest, RemembersThatThereIsNone) {
  row_ = {.version = 0, .payload = std::nullopt};
  Read();
  clock_.Advance(absl::Seconds(1));
  EXPECT_EQ(Read(), 0);
  EXPECT_EQ(loads_, 1);
  clock_.Advance(kKind.absent_ttl);
  row_ = Value(1);
  EXPECT_EQ(Read(), 1);
}

TEST_F(VersionedCacheTest, ForgetsThatThereIsNoneWhenItIsMade) {
  row_ = {.version = 0, .payload = std::nullopt};
  Read();
  cache_.Put(kKind, kId, Value(1), clock_.Now());
  EXPECT_EQ(Read(), 1);
  EXPECT_EQ(shared_.Held(std::string(kKey))->version, 1);
}

TEST_F(VersionedCacheTest, LeavesATombstoneThatOlderFillsCannotReplace) {
  cache_.Erase(kKind, kId, 5, clock_.Now());
  const auto record =
      cache_.Get(kKind, kId, {}, kForever, [] { return absl::StatusOr<Record>(Value(4)); });
  EXPECT_EQ(record->version, 5);
  EXPECT_FALSE(record->payload.has_value());
  // A strong reader whose replica of the database lags behind fills nothing in.
  Record old = Value(4);
  (void)cache_.Get(kKind, kId, {.strong = true}, kForever,
                   [&] { return absl::StatusOr<Record>(old); });
  EXPECT_EQ(shared_.Held(std::string(kKey))->version, 5);
  EXPECT_EQ(Read(), 5);
}

TEST_F(VersionedCacheTest, ServesNothingOlderThanWhatWasOutdated) {
  Read();
  row_ = Value(2);
  cache_.Outdate(kKind, kId, 2);
  EXPECT_EQ(Read(), 2);
  EXPECT_EQ(loads_, 2);
  clock_.Advance(absl::Seconds(1));
  EXPECT_EQ(Read(), 2);
  EXPECT_EQ(loads_, 2);  // the fill of the same version took its place
}

TEST_F(VersionedCacheTest, DropsAFillThatWasReadTooLongAgo) {
  (void)cache_.Get(kKind, kId, {}, kForever, [&]() -> absl::StatusOr<Record> {
    clock_.Advance(kFillAgeMax + absl::Microseconds(1));
    return Value(1);
  });
  EXPECT_EQ(observer_.fills_dropped, 1);
  EXPECT_EQ(shared_.Held(std::string(kKey)), std::nullopt);
  Read();
  EXPECT_EQ(loads_, 1);
}

TEST_F(VersionedCacheTest, OnlyOutdatesAfterAWriteThatTookTooLong) {
  Read();
  const absl::Time begin = clock_.Now();
  clock_.Advance(absl::Seconds(2));
  row_ = Value(2);
  cache_.Put(kKind, kId, row_, begin);
  EXPECT_FALSE(shared_.Held(std::string(kKey))->payload.has_value());
  EXPECT_EQ(Read(), 2);
  EXPECT_EQ(loads_, 2);
}

TEST_F(VersionedCacheTest, DoesNotShareAPayloadThatIsTooLarge) {
  row_.payload = std::string(kPayloadBytesMax + 1, 'x');
  Read();
  EXPECT_EQ(shared_.Held(std::string(kKey)), std::nullopt);
  row_.version = 2;
  cache_.Put(kKind, kId, row_, clock_.Now());
  EXPECT_EQ(shared_.Held(std::string(kKey))->payload, std::nullopt);
  EXPECT_EQ(Read(), 2);
}

TEST_F(VersionedCacheTest, HasNoMemoryWhileTheChannelIsDown) {
  Read();
  cache_.OnChannelDown(absl::UnavailableError("gone"));
  EXPECT_FALSE(observer_.is_memory_on);
  EXPECT_EQ(Read(), 1);
  EXPECT_EQ(Read(), 1);
  EXPECT_EQ(observer_.Reads(Source::kShared), 2);
  cache_.OnChannelUp();
  Read();
  Read();
  EXPECT_EQ(observer_.Reads(Source::kMemory), 1);
}

TEST_F(VersionedCacheTest, ServesEveryReadWhileTheSharedLevelIsAway) {
  shared_.SetAway(true);
  cache_.OnChannelDown(absl::UnavailableError("gone"));
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(Read(), 1);
  }
  EXPECT_EQ(loads_, 5);
  EXPECT_EQ(observer_.load_waits, 5);
  row_ = Value(2);
  cache_.Put(kKind, kId, row_, clock_.Now());
  EXPECT_EQ(Read(), 2);
  EXPECT_GT(observer_.shared_errors, 5);
}

TEST_F(VersionedCacheTest, LetsOnlyAFewLoadAtOnceWhileTheSharedLevelIsAway) {
  shared_.SetAway(true);
  // The one turn there is (loads_max) is taken while this loads.
  const auto outer = cache_.Get(kKind, kId, {}, kForever, [this]() -> absl::StatusOr<Record> {
    const auto inner = cache_.Get(kKind, "18", {}, absl::Now() + absl::Milliseconds(5),
                                  [] { return absl::StatusOr<Record>(Value(1)); });
    EXPECT_EQ(inner.status().code(), absl::StatusCode::kResourceExhausted);
    EXPECT_EQ(GetErrorReason(inner.status()), "OVERLOADED");
    return Value(1);
  });
  EXPECT_TRUE(outer.ok());
}

TEST_F(VersionedCacheTest, LoadsWithoutALimitWhileTheSharedLevelAnswers) {
  const auto outer = cache_.Get(kKind, kId, {}, kForever, [this] {
    return cache_.Get(kKind, "18", {}, absl::Now() + absl::Milliseconds(5),
                      [] { return absl::StatusOr<Record>(Value(1)); });
  });
  EXPECT_TRUE(outer.ok());
}

TEST_F(VersionedCacheTest, HandsOnTheErrorOfALoadAndKeepsNothing) {
  const auto failed = cache_.Get(kKind, kId, {}, kForever, [] {
    return absl::StatusOr<Record>(absl::UnavailableError("the database is away"));
  });
  EXPECT_TRUE(absl::IsUnavailable(failed.status()));
  EXPECT_EQ(Read(), 1);
}

TEST_F(VersionedCacheTest, ReadsABatchWithOneSharedReadAndOneLoad) {
  cache_.Put(kKind, "a", Value(1), clock_.Now());
  cache_.Put(kKind, "b", Value(2), clock_.Now());
  clock_.Advance(absl::Seconds(1));
  cache_.Put(kKind, "c", Value(3), clock_.Now());
  int loads = 0;
  const auto records = cache_.BatchGet(
      kKind, {{"a", {}}, {"x", {}}, {"b", {.min_version = 3}}, {"c", {}}, {"x", {}}}, kForever,
      [&](absl::Span<const size_t> wanted) -> absl::StatusOr<std::vector<Record>> {
        ++loads;
        EXPECT_THAT(wanted, ElementsAre(1, 2));
        return std::vector<Record>{Value(9), Value(4)};
      });
  ASSERT_TRUE(records.ok());
  std::vector<int64_t> versions;
  for (const Record& record : *records) {
    versions.push_back(record.version);
  }
  EXPECT_THAT(versions, ElementsAre(1, 9, 4, 3, 9));
  EXPECT_EQ(shared_.read_count(), 1);
  EXPECT_EQ(loads, 1);
}

TEST_F(VersionedCacheTest, RunsInTheProcessAloneWithoutASharedLevel) {
  VersionedCache embedded(Options(), nullptr, clock_, observer_);
  EXPECT_EQ(ReadFrom(embedded), 1);
  EXPECT_EQ(ReadFrom(embedded), 1);
  EXPECT_EQ(loads_, 1);
  embedded.Put(kKind, kId, Value(2), clock_.Now());
  EXPECT_EQ(ReadFrom(embedded), 2);
  clock_.Advance(absl::Seconds(1));
  row_ = Value(2);
  EXPECT_EQ(ReadFrom(embedded), 2);
  EXPECT_EQ(loads_, 2);
}

// A load that waits until the test lets it go.
class Gate {
 public:
  void Open() {
    std::lock_guard<std::mutex> lock(mutex_);
    is_open_ = true;
    changed_.notify_all();
  }
  void Pass() {
    std::unique_lock<std::mutex> lock(mutex_);
    has_come_ = true;
    changed_.notify_all();
    changed_.wait(lock, [this] { return is_open_; });
  }
  void AwaitComing() {
    std::unique_lock<std::mutex> lock(mutex_);
    changed_.wait(lock, [this] { return has_come_; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool is_open_ = false;
  bool has_come_ = false;
};

// quality.md P11.
TEST_F(VersionedCacheTest, LoadsOnceForAThousandConcurrentMisses) {
  constexpr int kReaders = 1000;
  Gate gate;
  std::atomic<int> right = 0;
  std::vector<std::thread> readers;
  readers.reserve(kReaders);
  for (int i = 0; i < kReaders; ++i) {
    readers.emplace_back([&] {
      const auto record = cache_.Get(kKind, kId, {}, kForever, [&]() -> absl::StatusOr<Record> {
        ++loads_;
        gate.Pass();
        return Value(1);
      });
      right += record.ok() && record->version == 1 ? 1 : 0;
    });
  }
  gate.AwaitComing();
  gate.Open();
  for (std::thread& reader : readers) {
    reader.join();
  }
  EXPECT_EQ(loads_, 1);
  EXPECT_EQ(right, kReaders);
}

TEST_F(VersionedCacheTest, FollowsNoLoadThatBeganBeforeAWrite) {
  Gate gate;
  std::thread slow([&] {
    const auto record = cache_.Get(kKind, kId, {}, kForever, [&]() -> absl::StatusOr<Record> {
      gate.Pass();
      return Value(1);
    });
    EXPECT_EQ(record->version, 1);
  });
  gate.AwaitComing();
  row_ = Value(2);
  // Too large to be kept: only retiring the flight can help the reader.
  row_.payload = std::string(kPayloadBytesMax + 1, 'x');
  cache_.Put(kKind, kId, row_, clock_.Now());
  EXPECT_EQ(Read(), 2);
  gate.Open();
  slow.join();
}

TEST_F(VersionedCacheTest, FollowsNobodyWhenItInsistsOnAVersion) {
  Gate gate;
  std::thread slow([&] {
    (void)cache_.Get(kKind, kId, {}, kForever, [&]() -> absl::StatusOr<Record> {
      gate.Pass();
      return Value(1);
    });
  });
  gate.AwaitComing();
  row_ = Value(2);
  EXPECT_EQ(Read({.min_version = 1}), 2);
  EXPECT_EQ(Read({.strong = true}), 2);
  gate.Open();
  slow.join();
  EXPECT_EQ(Read(), 2);  // the slow fill came too late
}

TEST_F(VersionedCacheTest, WaitsForAnothersLoadNoLongerThanItsDeadline) {
  Gate gate;
  std::thread slow([&] {
    (void)cache_.Get(kKind, kId, {}, kForever, [&]() -> absl::StatusOr<Record> {
      gate.Pass();
      return Value(1);
    });
  });
  gate.AwaitComing();
  const auto late = cache_.Get(kKind, kId, {}, absl::Now() + absl::Milliseconds(5),
                               [] { return absl::StatusOr<Record>(Value(1)); });
  EXPECT_EQ(GetErrorReason(late.status()), "DEADLINE_TOO_SHORT");
  gate.Open();
  slow.join();
}

TEST_F(VersionedCacheTest, LoadsForItselfWhenTheLeaderRanOutOfTime) {
  Gate gate;
  std::thread hasty([&] {
    const auto record = cache_.Get(kKind, kId, {}, kForever, [&]() -> absl::StatusOr<Record> {
      gate.Pass();
      return absl::DeadlineExceededError("the leader's own");
    });
    EXPECT_FALSE(record.ok());
  });
  gate.AwaitComing();
  std::thread follower([&] { EXPECT_EQ(Read(), 1); });
  gate.Open();
  hasty.join();
  follower.join();
  EXPECT_EQ(loads_, 1);
}

TEST_F(VersionedCacheTest, NeverWaitsInACircleWhenBatchesOverlap) {
  std::vector<std::thread> threads;
  threads.reserve(8);
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&, i] {
      for (int round = 0; round < 100; ++round) {
        std::vector<std::string> ids;
        ids.reserve(6);
        for (int j = 0; j < 6; ++j) {
          ids.push_back(absl::StrCat(round, ":", i % 2 == 0 ? j : 5 - j));
        }
        std::vector<ReadRequest> requests;
        requests.reserve(ids.size());
        for (const std::string& id : ids) {
          requests.push_back({id, {}});
        }
        const auto records = cache_.BatchGet(
            kKind, requests, kForever,
            [](absl::Span<const size_t> wanted) -> absl::StatusOr<std::vector<Record>> {
              return std::vector<Record>(wanted.size(), Value(1));
            });
        ASSERT_TRUE(records.ok());
      }
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
}

}  // namespace
}  // namespace clientele::cache
