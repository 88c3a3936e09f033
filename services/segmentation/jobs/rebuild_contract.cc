#include "services/segmentation/jobs/rebuild_contract.h"

#include <map>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/feed/testing/fake_source.h"
#include "common/feed/testing/feed_replay.h"
#include "common/sql/testing/dump_tables.h"
#include "services/segmentation/jobs/order_log_consumer.h"
#include "services/segmentation/testing/api_fixture.h"
#include "services/segmentation/testing/test_feed.h"

namespace clientele::segmentation {
namespace {

constexpr int kCustomers = 60;

// What happens to a customer, in the order of its feed.
void AppendHistory(std::mt19937& random, int customer, std::vector<common::v1::Event>& events) {
  const std::string customer_id = absl::StrCat("c-", customer);
  const auto some_day = [&random] { return NoonOf(1 + static_cast<int>(random() % 300)); };
  events.push_back(CustomerCreated(customer_id, some_day()));
  for (uint32_t i = random() % 6; i > 0; --i) {
    const TestPurchase purchase{customer_id, customer * 100 + static_cast<int>(i), some_day(),
                                static_cast<int64_t>(random() % 4000),
                                random() % 9 == 0 ? "USD" : "GBP"};
    events.push_back(PurchaseRecorded(purchase));
    if (random() % 3 == 0) {
      events.push_back(PurchaseRefunded(purchase, 1, purchase.gross_minor / 2, 0, some_day()));
    }
    if (random() % 6 == 0) {
      events.push_back(PurchaseCancelled(purchase, some_day()));
    }
  }
  if (random() % 4 == 0) {
    events.push_back(CustomerDeleted(customer_id, some_day()));
    if (random() % 2 == 0) {
      events.push_back(CustomerUndeleted(customer_id, some_day()));
    }
  }
}

// Every table but what says who consumed when.
std::map<std::string, std::vector<std::string>> Dump(sql::Database& database) {
  auto tables = sql::DumpTables(database);
  for (const char* bookkeeping : {"lease", "consumer_position", "schema_migration"}) {
    EXPECT_EQ(tables.erase(bookkeeping), 1U) << bookkeeping;
  }
  return tables;
}

TEST_P(SegmentationRebuildContract, ARebuildFromPositionZeroGivesTheSameBitForBit) {
  for (uint32_t seed = 1; seed <= 3; ++seed) {
    std::mt19937 random(seed);
    feed::FakeSource profile("profile");
    OrderLogConsumer consumer;
    const std::unique_ptr<sql::Database> first = GetParam()();
    feed::FeedReplay live(profile.database(), "profile", seed);
    for (int customer = 0; customer < kCustomers; ++customer) {
      std::vector<common::v1::Event> events;
      AppendHistory(random, customer, events);
      profile.Tell(events);
      live.CatchUp(*first, consumer, 5);
    }

    const std::unique_ptr<sql::Database> second = GetParam()();
    feed::FeedReplay again(profile.database(), "profile", seed + 100);
    again.CatchUp(*second, consumer, 500);
    const auto tables = Dump(*first);
    EXPECT_FALSE(tables.at("order_log").empty());
    EXPECT_FALSE(tables.at("customer_deletion").empty());
    EXPECT_EQ(Dump(*second), tables) << "seed " << seed;
  }
}

}  // namespace
}  // namespace clientele::segmentation
