#include "services/loyalty/jobs/rebuild_contract.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/feed/testing/fake_source.h"
#include "common/feed/testing/feed_replay.h"
#include "common/sql/testing/dump_tables.h"
#include "common/sql/transaction.h"
#include "common/time/civil.h"
#include "common/time/time_proto.h"
#include "gmock/gmock.h"
#include "services/loyalty/jobs/due_sweep.h"
#include "services/loyalty/jobs/ledger_check.h"
#include "services/loyalty/jobs/purchase_consumer.h"
#include "services/loyalty/limits.h"
#include "services/loyalty/store/ledger_chain_store.h"
#include "services/loyalty/testing/api_fixture.h"

namespace clientele::loyalty {
namespace {

using ::testing::IsEmpty;

using Tables = std::map<std::string, std::vector<std::string>>;

constexpr int kEvents = 300;
constexpr int kCustomers = 20;

// A loyalty whose only clock is record_clock, as a server's is.
class Life : public HandlerFixture {
 public:
  explicit Life(std::unique_ptr<sql::Database> database)
      : HandlerFixture(std::move(database)), api_(OneClockParts(), TestProgram()) {}

  void SetClock(absl::Time now) { record_clock().Advance(now - record_clock().Now()); }

  // To the head of the feed, which the horizon of a sweep is behind.
  void CatchUp(feed::FeedReplay& replay, int events_max) {
    PurchaseConsumer consumer(api_);
    replay.CatchUp(database(), consumer, events_max);
    horizon_ = record_clock().Now() - kRecordedLateMax;
  }

  // Up to where it may, which was some time ago when the consumer has not caught up since.
  void Sweep() {
    EXPECT_EQ(SweepDueMembers(api_, horizon_, [](int64_t) {}), absl::OkStatus());
  }

  // Every table but what says who consumed when.
  Tables Dump() {
    auto tables = sql::DumpTables(database());
    for (const char* bookkeeping : {"lease", "consumer_position", "schema_migration"}) {
      EXPECT_EQ(tables.erase(bookkeeping), 1U) << bookkeeping;
    }
    return tables;
  }

  // Expects books that balance, and chains as they were written.
  void Verify() {
    LedgerCheck check(database(), "local", record_clock());
    ASSERT_EQ(check.Run(), absl::StatusOr<bool>(false));
    EXPECT_EQ(check.imbalance_count(), 0);
    const ChainPage page = sql::ReadIn(database(), {}, [](sql::Tx& tx) {
                             return CheckChains(tx, {}, {.rows_max = 100'000, .strays_max = 1});
                           }).value();
    EXPECT_EQ(page.broken, std::vector<BrokenChain>());
    EXPECT_FALSE(page.next.has_value());
  }

 private:
  HandlerParts OneClockParts() {
    const HandlerParts parts = Parts();
    return {.database = parts.database,
            .cache = parts.cache,
            .business_clock = parts.record_clock,
            .record_clock = parts.record_clock,
            .ids = parts.ids,
            .key = parts.key,
            .idempotency_retention = parts.idempotency_retention,
            .poke_outbox = parts.poke_outbox};
  }

  const ApiContext api_;
  absl::Time horizon_ = absl::FromUnixMicros(0);  // before anything is known
};

// What happens to customers over years, as profile records it.
class Business {
 public:
  explicit Business(uint32_t seed) : random_(seed) {}

  absl::Time now() const { return now_; }
  int Pick(int below) { return static_cast<int>(random_() % static_cast<uint32_t>(below)); }

  // On by seconds, or to about an instant at which something may be due for somebody, to whom
  // something may happen then; before there is any, by days.
  void PassTime() {
    if (Pick(2) == 0) {
      now_ += absl::Seconds(Pick(30));
      return;
    }
    auto due = due_.upper_bound(now_ + absl::Minutes(2));
    for (int skipped = Pick(3); skipped > 0 && due != due_.end(); --skipped) {
      ++due;
    }
    if (due == due_.end() || due->first > now_ + absl::Hours(24 * 30)) {
      now_ += absl::Hours(24 * Pick(9)) + absl::Minutes(Pick(1440));
      return;
    }
    now_ = due->first + absl::Seconds(Pick(100) - 80);
    due_customer_ = due->second;
  }

  // Something that is recorded now, or by a machine whose clock goes after; some happened long ago.
  common::v1::Event NextEvent() {
    const absl::Time record_time = now_ - absl::Seconds(Pick(15));
    const absl::Time occur_time =
        Pick(4) == 0 ? record_time - absl::Hours(24 * Pick(1200)) : record_time;
    common::v1::Event event = Next(occur_time);
    *event.mutable_record_time() = ToTimestamp(record_time);
    return event;
  }

 private:
  common::v1::Event Next(absl::Time occur_time) {
    const int number = ++count_;
    const int customer = Pick(3) == 0 ? Pick(kCustomers) : due_customer_;
    auto& purchases = purchases_[customer];
    if (purchases.empty() || Pick(3) != 0) {
      const TestPurchase purchase{.customer_id = absl::StrCat("c-", customer),
                                  .number = number,
                                  .occur_time = occur_time,
                                  .gross_minor = Pick(8) == 0 ? Pick(900'000) : Pick(90'000),
                                  .currency_code = Pick(10) == 0 ? "USD" : "GBP"};
      purchases.emplace_back(purchase, 0);
      NoteDue(occur_time, customer);
      return PurchaseRecorded(purchase);
    }
    auto& [purchase, refunded_minor] = purchases[Pick(static_cast<int>(purchases.size()))];
    if (Pick(8) == 0) {
      return PurchaseCancelled(purchase, occur_time);
    }
    const int64_t amount_minor = (purchase.gross_minor - refunded_minor) / 2;
    refunded_minor += amount_minor;
    return PurchaseRefunded(purchase, number, amount_minor, refunded_minor - amount_minor,
                            occur_time);
  }

  // When a purchase's points expire, and when a tier that it reaches ends.
  void NoteDue(absl::Time occur_time, int customer) {
    const Program program = TestProgram();
    due_.emplace(AddMonths(occur_time, program.lot_months, program.zone), customer);
    due_.emplace(
        StartOfDay(DayOf(occur_time, program.zone) + program.tier_validity_days, program.zone),
        customer);
    due_customer_ = customer;
  }

  std::mt19937 random_;
  absl::Time now_ = NoonOf(1);
  int count_ = 0;
  std::multimap<absl::Time, int> due_;
  int due_customer_ = 0;
  // By customer; and what came back of them.
  std::map<int, std::vector<std::pair<TestPurchase, int64_t>>> purchases_;
};

// A loyalty that follows as it comes: late at times, and sweeps whenever.
struct Follower {
  Follower(std::unique_ptr<sql::Database> database, feed::FakeSource& profile, uint32_t seed)
      : life(std::move(database)), replay(profile.database(), "profile", seed), random(seed) {}

  void Act(absl::Time now) {
    life.SetClock(now);
    if (random() % 3 != 0) {
      life.CatchUp(replay, 1 + static_cast<int>(random() % 9));
    }
    if (random() % 2 == 0) {
      life.Sweep();
    }
  }

  Life life;
  feed::FeedReplay replay;
  std::mt19937 random;
};

int CountRows(const std::vector<std::string>& rows, absl::string_view part) {
  return static_cast<int>(std::count_if(rows.begin(), rows.end(), [part](const std::string& row) {
    return absl::StrContains(row, part);
  }));
}

// The rows that only one of the two has.
std::vector<std::string> Differences(const Tables& left, const Tables& right) {
  std::vector<std::string> rows;
  for (const auto& [table, left_rows] : left) {
    std::vector<std::string> here;
    absl::c_set_symmetric_difference(left_rows, right.at(table), std::back_inserter(here));
    for (const std::string& row : here) {
      rows.push_back(absl::StrCat(table, ": ", row));
    }
  }
  return rows;
}

// Lets years go by for two followers, and answers when they are over. What is recorded may take
// nearly kRecordedLateMax to be in the feed.
absl::Time LiveThrough(Business business, feed::FakeSource& profile, Follower& first,
                       Follower& second) {
  std::vector<common::v1::Event> recorded;
  absl::Time recorded_since = absl::InfiniteFuture();
  for (int i = 0; i < kEvents; ++i) {
    recorded.push_back(business.NextEvent());
    recorded_since = std::min(recorded_since, business.now());
    business.PassTime();
    const bool is_late = business.now() - recorded_since > absl::Seconds(40);
    if (is_late || business.Pick(2) == 0) {
      profile.Tell(std::exchange(recorded, {}));
      recorded_since = absl::InfiniteFuture();
    }
    first.Act(business.now());
    second.Act(business.now());
  }
  profile.Tell(recorded);
  return business.now() + absl::Hours(24) * business.Pick(900);
}

TEST_P(LoyaltyRebuildContract, ARebuildFromPositionZeroGivesTheSameBitForBit) {
  for (uint32_t seed = 1; seed <= 3; ++seed) {
    SCOPED_TRACE(seed);
    feed::FakeSource profile("profile");
    Follower first(GetParam()(), profile, seed);
    Follower second(GetParam()(), profile, seed + 100);
    const absl::Time end = LiveThrough(Business(seed), profile, first, second);
    Follower rebuilt(GetParam()(), profile, seed + 200);
    for (Follower* each : {&first, &second, &rebuilt}) {
      each->life.SetClock(end);
      each->life.CatchUp(each->replay, 500);
      each->life.Sweep();
      each->life.Verify();
    }
    const Tables tables = first.life.Dump();
    EXPECT_GT(CountRows(tables.at("outbox"), "points.expired"), 50);
    EXPECT_GT(CountRows(tables.at("outbox"), "tier.changed"), 2 * kCustomers);
    EXPECT_THAT(Differences(second.life.Dump(), tables), IsEmpty());
    EXPECT_THAT(Differences(rebuilt.life.Dump(), tables), IsEmpty());
  }
}

}  // namespace
}  // namespace clientele::loyalty
