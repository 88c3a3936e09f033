// What services use of VersionedCache beside Get, Put and Outdate.

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/cache/testing/counting_observer.h"
#include "common/cache/testing/fake_shared_level.h"
#include "common/cache/versioned_cache.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace clientele::cache {
namespace {

using ::testing::ElementsAre;

constexpr Kind kKind = {"widget", absl::Minutes(5), absl::Seconds(5)};
constexpr absl::string_view kId = "17";
const absl::Time kForever = absl::InfiniteFuture();

Record Value(int64_t version) {
  return {.version = version, .payload = absl::StrCat("version ", version)};
}

class CacheUseTest : public ::testing::Test {
 protected:
  CacheUseTest() { cache_.OnChannelUp(); }

  static CacheOptions Options() {
    CacheOptions options;
    options.service = "svc";
    options.memory_bytes_max = 1 << 20;
    return options;
  }

  FakeClock clock_{absl::FromUnixSeconds(1'700'000'000)};
  CountingObserver observer_;
  FakeSharedLevel shared_;
  VersionedCache cache_{Options(), &shared_, clock_, observer_};
};

TEST_F(CacheUseTest, OutdatesManyByOneWriteOfTheSharedLevel) {
  cache_.Put(kKind, "a", Value(1), clock_.Now());
  cache_.Put(kKind, "b", Value(1), clock_.Now());
  cache_.OutdateAll(kKind, {{.id = "a", .version = 2}, {.id = "b", .version = 3}});
  EXPECT_EQ(shared_.write_count(), 3);
  const auto load = [](absl::Span<const size_t> wanted) {
    return absl::StatusOr<std::vector<Record>>(std::vector<Record>(wanted.size(), Value(7)));
  };
  const auto records = cache_.BatchGet(kKind, {{"a", {}}, {"b", {}}}, kForever, load);
  EXPECT_THAT(*records, ElementsAre(Value(7), Value(7)));
}

TEST_F(CacheUseTest, TriesTheMemoryAlone) {
  EXPECT_EQ(cache_.TryGet(kKind, kId, {}), std::nullopt);
  cache_.Put(kKind, kId, Value(2), clock_.Now());
  EXPECT_EQ(cache_.TryGet(kKind, kId, {.min_version = 2})->version, 2);
  EXPECT_EQ(cache_.TryGet(kKind, kId, {.min_version = 3}), std::nullopt);
  EXPECT_EQ(cache_.TryGet(kKind, kId, {.strong = true}), std::nullopt);
  clock_.Advance(absl::Seconds(1));
  EXPECT_EQ(cache_.TryGet(kKind, kId, {}), std::nullopt);
  EXPECT_EQ(shared_.read_count(), 0);
  EXPECT_EQ(observer_.Reads(Source::kMemory), 1);
}

TEST_F(CacheUseTest, MakesKindsThatLiveAsLongAsItsOptionsSay) {
  CacheOptions options = Options();
  options.shared_ttl = absl::Seconds(7);
  options.absent_ttl = absl::Seconds(2);
  const VersionedCache cache(options, nullptr, clock_, observer_);
  const Kind kind = cache.MakeKind("widget");
  EXPECT_EQ(kind.name, "widget");
  EXPECT_EQ(kind.shared_ttl, absl::Seconds(7));
  EXPECT_EQ(kind.absent_ttl, absl::Seconds(2));
}

TEST_F(CacheUseTest, RemembersAnAbsenceNoLongerThanARecord) {
  CacheOptions options = Options();
  options.shared_ttl = absl::Seconds(1);
  options.absent_ttl = absl::Seconds(5);
  const VersionedCache cache(options, nullptr, clock_, observer_);
  EXPECT_EQ(cache.MakeKind("widget").absent_ttl, absl::Seconds(1));
}

TEST_F(CacheUseTest, LoadsEveryTimeWhileItIsSwitchedOff) {
  CacheOptions options = Options();
  options.is_on = false;
  VersionedCache off(options, &shared_, clock_, observer_);
  off.Put(kKind, kId, Value(2), clock_.Now());
  off.Outdate(kKind, kId, 2);
  for (const int64_t version : {7, 8}) {
    const auto record =
        off.Get(kKind, kId, {}, kForever, [&] { return absl::StatusOr<Record>(Value(version)); });
    EXPECT_EQ(*record, Value(version));
  }
  EXPECT_EQ(off.TryGet(kKind, kId, {}), std::nullopt);
  const auto load = [](absl::Span<const size_t> wanted) -> absl::StatusOr<std::vector<Record>> {
    return std::vector<Record>(wanted.size(), Value(static_cast<int64_t>(wanted.size())));
  };
  const auto records = off.BatchGet(kKind, {{"a", {}}, {"b", {}}}, kForever, load);
  EXPECT_THAT(*records, ElementsAre(Value(2), Value(2)));
  EXPECT_EQ(shared_.read_count() + shared_.write_count(), 0);
}

}  // namespace
}  // namespace clientele::cache
