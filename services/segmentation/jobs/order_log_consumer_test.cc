#include "services/segmentation/jobs/order_log_consumer.h"

#include <algorithm>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/segmentation/jobs/population_loader.h"
#include "services/segmentation/testing/api_fixture.h"
#include "services/segmentation/testing/load_as_text.h"
#include "services/segmentation/testing/test_database.h"
#include "services/segmentation/testing/test_feed.h"

namespace clientele::segmentation {
namespace {

using common::v1::Event;
using ::testing::HasSubstr;

constexpr int kCustomers = 25;

int Pick(std::mt19937& random, int low, int high) {
  return std::uniform_int_distribution<int>(low, high)(random);
}

// Everything that happens to one customer, in the order of its feed; occur times in any order.
std::vector<Event> RandomHistory(std::mt19937& random, int customer) {
  const std::string customer_id = absl::StrCat("c-", customer);
  const auto some_day = [&] { return NoonOf(Pick(random, 1, 300)); };
  std::vector<Event> events = {CustomerCreated(customer_id, some_day())};
  for (int i = Pick(random, 0, 5); i > 0; --i) {
    const TestPurchase purchase{customer_id, customer * 100 + i, some_day(),
                                Pick(random, 0, 4) * 1000, Pick(random, 0, 9) == 0 ? "USD" : "GBP"};
    events.push_back(PurchaseRecorded(purchase));
    int64_t refunded_minor = 0;
    for (int refund = Pick(random, 0, 2); refund > 0 && purchase.gross_minor > 0; --refund) {
      events.push_back(PurchaseRefunded(purchase, refund, 400, refunded_minor, some_day()));
      refunded_minor += 400;
    }
    if (Pick(random, 0, 5) == 0) {
      events.push_back(PurchaseCancelled(purchase, some_day()));
    }
  }
  if (Pick(random, 0, 3) == 0) {
    events.push_back(CustomerDeleted(customer_id, some_day()));
    if (Pick(random, 0, 1) == 0) {
      events.push_back(CustomerUndeleted(customer_id, some_day()));
    }
  }
  return events;
}

// The histories in one stream that keeps each customer's order.
std::vector<Event> Interleave(std::mt19937& random, const std::vector<std::vector<Event>>& all) {
  std::vector<size_t> turns;
  for (size_t customer = 0; customer < all.size(); ++customer) {
    turns.insert(turns.end(), all[customer].size(), customer);
  }
  std::shuffle(turns.begin(), turns.end(), random);
  std::vector<size_t> next(all.size());
  std::vector<Event> stream;
  for (const size_t customer : turns) {
    stream.push_back(all[customer][next[customer]++]);
  }
  return stream;
}

// Applies the stream in random pieces, some of them again and some of them together with a part of
// what was applied before, as a consumer without memory would.
void ApplyInPieces(std::mt19937& random, sql::Database& database,
                   const std::vector<Event>& stream) {
  size_t done = 0;
  while (done < stream.size()) {
    const size_t begin = done - std::min<size_t>(done, Pick(random, 0, 1) * Pick(random, 0, 20));
    const size_t end = std::min(stream.size(), done + Pick(random, 1, 40));
    ASSERT_EQ(ApplyEvents(database, absl::MakeConstSpan(stream).subspan(begin, end - begin)),
              absl::OkStatus());
    done = end;
  }
}

RfmModelSpec SpecWith(MonetaryBasis monetary) {
  RfmModelSpec spec;
  spec.monetary = monetary;
  spec.currency_code = "GBP";
  spec.window_days = 250;
  return spec;
}

std::string Load(sql::Database& database, MonetaryBasis monetary, absl::CivilDay as_of,
                 const LoadOptions& options) {
  return LoadAsText(database, SpecWith(monetary), as_of, options);
}

TEST(OrderLogConsumerTest, AnyOrderOfArrivalGivesTheSameStateForAnyAsOf) {
  for (uint32_t seed = 1; seed <= 12; ++seed) {
    std::mt19937 random(seed);
    std::vector<std::vector<Event>> histories;
    for (int customer = 0; customer < kCustomers; ++customer) {
      histories.push_back(RandomHistory(random, customer));
    }
    std::map<std::string, std::string> expected;
    for (int round = 0; round < 3; ++round) {
      const auto database = OpenTestDatabase();
      TestFeed feed;
      ApplyInPieces(random, *database, feed.Place(Interleave(random, histories)));
      for (const MonetaryBasis monetary : {MonetaryBasis::kGross, MonetaryBasis::kNet}) {
        for (const int day : {30, 150, 299, 400}) {
          const LoadOptions options{.threads = Pick(random, 1, 4),
                                    .page_rows = Pick(random, 1, 50)};
          const std::string key = absl::StrCat(static_cast<int>(monetary), " ", day);
          const std::string seen =
              Load(*database, monetary, absl::CivilDay(2011, 1, 1) + day, options);
          EXPECT_EQ(expected.try_emplace(key, seen).first->second, seen)
              << "seed " << seed << ", round " << round << ", " << key;
        }
      }
    }
  }
}

TEST(OrderLogConsumerTest, ARunDoesNotSeeWhatArrivesAfterItsPositions) {
  const auto database = OpenTestDatabase();
  TestFeed feed;
  feed.Deliver(*database,
               {CustomerCreated("c-1", NoonOf(1)), PurchaseRecorded({"c-1", 1, NoonOf(5), 100}),
                CustomerCreated("c-gone", NoonOf(1)), CustomerDeleted("c-gone", NoonOf(4))});
  const std::string before = Load(*database, MonetaryBasis::kNet, absl::CivilDay(2011, 2, 1), {});
  // Rows without the positions that lead to them: as if they came while the run reads.
  const std::vector<Event> late = feed.Place(
      {PurchaseRecorded({"c-1", 2, NoonOf(6), 100}), PurchaseCancelled({"c-1", 1}, NoonOf(7)),
       CustomerCreated("c-2", NoonOf(1)), PurchaseRecorded({"c-2", 3, NoonOf(6), 100}),
       CustomerDeleted("c-1", NoonOf(8)), CustomerUndeleted("c-gone", NoonOf(9))});
  OrderLogConsumer consumer;
  ASSERT_EQ(database->RunInTransaction({}, [&](sql::Tx& tx) { return consumer.Apply(tx, late); }),
            absl::OkStatus());
  EXPECT_EQ(Load(*database, MonetaryBasis::kNet, absl::CivilDay(2011, 2, 1), {}), before);
  EXPECT_THAT(before, HasSubstr("c-1 27 1 100\n"));
  EXPECT_THAT(before, HasSubstr("DELETED 1\n"));
}

TEST(OrderLogConsumerTest, SkipsEventsItDoesNotKnow) {
  const auto database = OpenTestDatabase();
  Event event = CustomerCreated("c-1", NoonOf(1));
  event.set_type("clientele.profile.fact.changed.v1");
  TestFeed feed;
  EXPECT_EQ(ApplyEvents(*database, feed.Place({event})), absl::OkStatus());
}

TEST(OrderLogConsumerTest, StopsAtAnEventItCannotRead) {
  const auto database = OpenTestDatabase();
  TestFeed feed;
  feed.Deliver(*database, {CustomerCreated("c-1", NoonOf(1))});
  Event other_data = PurchaseRecorded({"c-1", 1, NoonOf(5), 100});
  other_data.set_type("clientele.profile.purchase.refunded.v1");
  const Event unknown_purchase = PurchaseRefunded({"c-1", 9}, 1, 10, 0, NoonOf(6));
  const Event unknown_customer = CustomerDeleted("c-2", NoonOf(6));
  for (const Event& event : {other_data, unknown_purchase, unknown_customer}) {
    const absl::Status status = ApplyEvents(*database, feed.Place({event}));
    EXPECT_EQ(status.code(), absl::StatusCode::kInternal) << event.type();
  }
}

}  // namespace
}  // namespace clientele::segmentation
