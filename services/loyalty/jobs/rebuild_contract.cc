#include "services/loyalty/jobs/rebuild_contract.h"

#include <map>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/feed/testing/fake_source.h"
#include "common/feed/testing/feed_replay.h"
#include "common/sql/testing/dump_tables.h"
#include "services/loyalty/jobs/purchase_consumer.h"
#include "services/loyalty/testing/api_fixture.h"

namespace clientele::loyalty {
namespace {

constexpr int kCustomers = 30;
constexpr int kEvents = 400;

// Purchases in any order of time, refunds and cancellations, of a year before the business time.
std::vector<common::v1::Event> MakeHistory(uint32_t seed) {
  std::mt19937 random(seed);
  std::vector<common::v1::Event> events;
  std::vector<std::pair<TestPurchase, int64_t>> purchases;  // and what came back of them
  for (int i = 0; i < kEvents; ++i) {
    const auto day = static_cast<int>(random() % 340);
    if (purchases.empty() || random() % 3 != 0) {
      const TestPurchase purchase{.customer_id = absl::StrCat("c-", random() % kCustomers),
                                  .number = i,
                                  .occur_time = NoonOf(day),
                                  .gross_minor = static_cast<int64_t>(random() % 90'000),
                                  .currency_code = random() % 10 == 0 ? "USD" : "GBP"};
      purchases.emplace_back(purchase, 0);
      events.push_back(PurchaseRecorded(purchase));
    } else if (auto& [purchase, refunded_minor] = purchases[random() % purchases.size()];
               random() % 8 == 0) {
      events.push_back(PurchaseCancelled(purchase, NoonOf(day)));
    } else {
      const int64_t amount_minor = (purchase.gross_minor - refunded_minor) / 2;
      events.push_back(PurchaseRefunded(purchase, i, amount_minor, refunded_minor, NoonOf(day)));
      refunded_minor += amount_minor;
    }
  }
  return events;
}

// One life of loyalty, from an empty database.
class Life : public HandlerFixture {
 public:
  explicit Life(std::unique_ptr<sql::Database> database)
      : HandlerFixture(std::move(database)), api_(Parts(), TestProgram()) {}

  void CatchUp(feed::FeedReplay& replay, int events_max) {
    PurchaseConsumer consumer(api_);
    replay.CatchUp(database(), consumer, events_max);
  }

  // Every table but what says who consumed when.
  std::map<std::string, std::vector<std::string>> Dump() {
    auto tables = sql::DumpTables(database());
    for (const char* bookkeeping : {"lease", "consumer_position", "schema_migration"}) {
      EXPECT_EQ(tables.erase(bookkeeping), 1U) << bookkeeping;
    }
    return tables;
  }

 private:
  const ApiContext api_;
};

TEST_P(LoyaltyRebuildContract, ARebuildFromPositionZeroGivesTheSameBitForBit) {
  for (uint32_t seed = 1; seed <= 3; ++seed) {
    const std::vector<common::v1::Event> events = MakeHistory(seed);
    feed::FakeSource profile("profile");
    Life first(GetParam()());
    feed::FeedReplay live(profile.database(), "profile", seed);
    std::mt19937 random(seed);
    for (size_t done = 0; done < events.size();) {
      const size_t count = std::min<size_t>(events.size() - done, 1 + random() % 30);
      profile.Tell({events.begin() + done, events.begin() + done + count});
      done += count;
      first.record_clock().Advance(absl::Hours(7));
      first.CatchUp(live, 5);
    }

    Life second(GetParam()());
    second.record_clock().Advance(absl::Hours(24 * 1000));
    feed::FeedReplay again(profile.database(), "profile", seed + 100);
    second.CatchUp(again, 500);
    const auto tables = first.Dump();
    EXPECT_FALSE(tables.at("ledger_entry").empty());
    EXPECT_FALSE(tables.at("outbox").empty());
    EXPECT_EQ(second.Dump(), tables) << "seed " << seed;
  }
}

}  // namespace
}  // namespace clientele::loyalty
