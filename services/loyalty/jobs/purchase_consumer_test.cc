#include "services/loyalty/jobs/purchase_consumer.h"

#include <random>
#include <set>
#include <string>
#include <vector>

#include "clientele/loyalty/v1/events.pb.h"
#include "common/status/error.h"
#include "common/time/time_proto.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/loyalty/api/converters/event_proto.h"
#include "services/loyalty/api/handlers/ledger_writes.h"
#include "services/loyalty/api/handlers/tier_reads.h"
#include "services/loyalty/testing/api_fixture.h"

namespace clientele::loyalty {
namespace {

using ::testing::ElementsAre;

TestPurchase Purchase(const std::string& customer_id, int number, int64_t gross_minor, int day) {
  return {.customer_id = customer_id,
          .number = number,
          .occur_time = NoonOf(day),
          .gross_minor = gross_minor};
}

class PurchaseConsumerTest : public ::testing::Test, public ApiFixture {
 protected:
  std::string Tier(const std::string& customer_id) {
    v1::GetTierRequest request;
    request.set_customer_id(customer_id);
    rpc::CallContext call = Call();
    return TierReads(api()).Get(call, request)->tier();
  }

  // The tiers in the outbox.
  std::vector<std::string> TiersTold() {
    std::vector<std::string> tiers;
    for (const feed::OutboxEvent& event : Outbox()) {
      v1::TierChanged changed;
      if (event.type == kTierChangedType && changed.ParseFromString(event.data)) {
        tiers.push_back(changed.tier());
      }
    }
    return tiers;
  }

  // "customer type points-or-tier" of everything in the outbox, with the ids.
  std::vector<std::string> Told() {
    std::vector<std::string> told;
    for (const feed::OutboxEvent& event : Outbox()) {
      told.push_back(event.customer_id + " " + std::to_string(event.feed_seq) + " " +
                     event.event_id + " " + event.type + " " + event.subject + " " + event.data);
    }
    return told;
  }
};

TEST_F(PurchaseConsumerTest, EnrolsEarnsReversesAndTells) {
  const TestPurchase purchase = Purchase("c-1", 1, 150'000, 300);
  ASSERT_EQ(
      Deliver({PurchaseRecorded(purchase), PurchaseRefunded(purchase, 1, 50'000, 0, NoonOf(310))}),
      absl::OkStatus());
  EXPECT_EQ(Balance("c-1").available(), 1'000);
  EXPECT_EQ(Balance("c-1").lifetime_earned(), 1'500);
  EXPECT_EQ(Tier("c-1"), "SILVER");
  std::vector<std::string> types;
  for (const feed::OutboxEvent& event : Outbox()) types.push_back(event.type);
  EXPECT_THAT(types, ElementsAre(kPointsEarnedType, kTierChangedType, kPointsReversedType));
  v1::TierChanged changed;
  ASSERT_TRUE(changed.ParseFromString(Outbox()[1].data));
  EXPECT_EQ(changed.previous_tier(), "");
  EXPECT_EQ(changed.tier(), "SILVER");
  EXPECT_EQ(changed.reason(), v1::TIER_CHANGE_REASON_ENROLLED);
  EXPECT_GT(poke_count(), 0);
  EXPECT_EQ(Imbalance(), 0);
}

TEST_F(PurchaseConsumerTest, TellsOfAnEnrolmentAtTheLowestTierAndOfTheUpgradeAfterIt) {
  ASSERT_EQ(Deliver({PurchaseRecorded(Purchase("c-1", 1, 100, 300))}), absl::OkStatus());
  ASSERT_EQ(Deliver({PurchaseRecorded(Purchase("c-1", 2, 100, 301))}), absl::OkStatus());
  ASSERT_EQ(Deliver({PurchaseRecorded(Purchase("c-1", 3, 150'000, 302))}), absl::OkStatus());
  std::vector<std::string> changes;
  for (const feed::OutboxEvent& event : Outbox()) {
    v1::TierChanged changed;
    if (event.type == kTierChangedType && changed.ParseFromString(event.data)) {
      changes.push_back(changed.previous_tier() + ">" + changed.tier() + " " +
                        v1::TierChangeReason_Name(changed.reason()));
    }
  }
  EXPECT_THAT(changes, ElementsAre(">BASE TIER_CHANGE_REASON_ENROLLED",
                                   "BASE>SILVER TIER_CHANGE_REASON_UPGRADED"));
}

// Replicas' clocks differ, and so the feed's order is not that of record times.
TEST_F(PurchaseConsumerTest, AnEventRecordedBeforeTheOneInFrontOfItTakesNoTierAway) {
  ASSERT_EQ(Deliver({PurchaseRecorded(Purchase("c-1", 1, 100, 300))}), absl::OkStatus());
  ASSERT_EQ(Deliver({PurchaseRecorded(Purchase("c-1", 2, 150'000, 302))}), absl::OkStatus());
  common::v1::Event late = PurchaseRecorded(Purchase("c-1", 3, 100, 301));
  *late.mutable_record_time() = ToTimestamp(NoonOf(302) - absl::Milliseconds(3));
  ASSERT_EQ(Deliver({late}), absl::OkStatus());
  EXPECT_THAT(TiersTold(), ElementsAre("BASE", "SILVER"));
  EXPECT_EQ(Balance("c-1").available(), 1'502);
}

TEST_F(PurchaseConsumerTest, NorTheTierThatAPurchaseWithoutPointsBrought) {
  ASSERT_EQ(Deliver({PurchaseRecorded(Purchase("c-1", 1, 99'950, 300))}), absl::OkStatus());
  ASSERT_EQ(Deliver({PurchaseRecorded(Purchase("c-1", 2, 60, 302))}), absl::OkStatus());
  ASSERT_EQ(Entries("c-1").size(), 1U);
  common::v1::Event late = PurchaseRecorded(Purchase("c-1", 3, 10, 301));
  *late.mutable_record_time() = ToTimestamp(NoonOf(302) - absl::Milliseconds(3));
  ASSERT_EQ(Deliver({late}), absl::OkStatus());
  EXPECT_THAT(TiersTold(), ElementsAre("BASE", "SILVER"));
}

// A consumer that was away applies what was recorded before the tier ended as of then, although the
// member has redeemed since.
TEST_F(PurchaseConsumerTest, ACommandAheadOfTheFeedEndsNoTierThatTheFeedRenews) {
  ASSERT_EQ(Deliver({PurchaseRecorded(Purchase("c-1", 1, 150'000, 300))}), absl::OkStatus());
  business_clock().Advance(absl::Hours(24 * 456));  // into 2013
  rpc::CallContext call = Call(common::v1::REQUEST_ID_RULE_REQUIRED);
  ASSERT_TRUE(LedgerWrites(api()).Redeem(call, MakeRedeem(1, "c-1", 100)).ok());
  ASSERT_EQ(Deliver({PurchaseRecorded(Purchase("c-1", 2, 150'000, 400))}), absl::OkStatus());
  EXPECT_THAT(TiersTold(), ElementsAre("SILVER"));
}

TEST_F(PurchaseConsumerTest, TheSameEventsAgainChangeNothing) {
  const TestPurchase purchase = Purchase("c-1", 1, 150'000, 300);
  const std::vector<common::v1::Event> events = {
      PurchaseRecorded(purchase), PurchaseRefunded(purchase, 1, 50'000, 0, NoonOf(310)),
      PurchaseCancelled(Purchase("c-1", 1, 150'000, 300), NoonOf(311))};
  ASSERT_EQ(Deliver(events), absl::OkStatus());
  const std::vector<std::string> told = Told();
  ASSERT_EQ(Deliver(events), absl::OkStatus());
  EXPECT_EQ(Told(), told);
  EXPECT_EQ(Entries("c-1").size(), 3U);
}

TEST_F(PurchaseConsumerTest, ACancellationTakesBackEverything) {
  const TestPurchase purchase = Purchase("c-1", 1, 150'000, 300);
  ASSERT_EQ(Deliver({PurchaseRecorded(purchase)}), absl::OkStatus());
  ASSERT_EQ(Deliver({PurchaseCancelled(purchase, NoonOf(301))}), absl::OkStatus());
  EXPECT_EQ(Balance("c-1").available(), 0);
  EXPECT_EQ(Entries("c-1")[0].reason(), "CANCELLATION");
  EXPECT_EQ(Tier("c-1"), "SILVER");  // kept to the end of its validity
}

TEST_F(PurchaseConsumerTest, ARefundOfSpentPointsLeavesDebtThatLaterPointsPay) {
  const TestPurchase purchase = Purchase("c-1", 1, 10'000, 300);
  ASSERT_EQ(Deliver({PurchaseRecorded(purchase)}), absl::OkStatus());
  rpc::CallContext call = Call(common::v1::REQUEST_ID_RULE_REQUIRED);
  ASSERT_TRUE(LedgerWrites(api()).Redeem(call, MakeRedeem(1, "c-1", 100)).ok());
  // The lot has nothing left and is loaded for the refund all the same.
  ASSERT_EQ(Deliver({PurchaseRefunded(purchase, 1, 10'000, 0, NoonOf(310))}), absl::OkStatus());
  EXPECT_EQ(Balance("c-1").debt(), 100);
  ASSERT_EQ(Deliver({PurchaseRecorded(Purchase("c-1", 2, 13'000, 320))}), absl::OkStatus());
  EXPECT_EQ(Balance("c-1").debt(), 0);
  EXPECT_EQ(Balance("c-1").available(), 30);
  EXPECT_EQ(Imbalance(), 0);
}

TEST_F(PurchaseConsumerTest, AnEventThatCannotBeReadStopsTheConsumer) {
  common::v1::Event event = PurchaseRecorded(Purchase("c-1", 1, 100, 1));
  event.mutable_data()->set_type_url("type.googleapis.com/clientele.profile.v1.CustomerCreated");
  EXPECT_EQ(Deliver({event}).code(), absl::StatusCode::kInternal);
  EXPECT_EQ(
      GetErrorReason(Deliver({PurchaseRefunded(Purchase("c-1", 1, 100, 1), 1, 100, 0, NoonOf(2))})),
      "EARNING_NOT_FOUND");
  EXPECT_TRUE(Outbox().empty());
}

TEST_F(PurchaseConsumerTest, SkipsEventsItDoesNotNeed) {
  common::v1::Event event = PurchaseRecorded(Purchase("c-1", 1, 100, 1));
  event.set_type("clientele.profile.purchase.delivered.v1");
  EXPECT_EQ(Deliver({event}), absl::OkStatus());
}

// The feed cut into batches in any way gives the same entries and the same events with the same
// ids.
TEST_F(PurchaseConsumerTest, HowTheFeedIsCutIntoBatchesDoesNotMatter) {
  std::mt19937 random(3);
  std::vector<common::v1::Event> events;
  std::vector<TestPurchase> purchases;
  std::vector<int64_t> refunded;
  for (int i = 0; i < 300; ++i) {
    const bool is_refund = !purchases.empty() && random() % 3 == 0;
    if (!is_refund) {
      purchases.push_back(Purchase("c-" + std::to_string(1 + random() % 40), i,
                                   1 + static_cast<int64_t>(random() % 90'000),
                                   1 + static_cast<int>(random() % 300)));
      refunded.push_back(0);
      events.push_back(PurchaseRecorded(purchases.back()));
      continue;
    }
    const size_t which = random() % purchases.size();
    const int64_t amount = (purchases[which].gross_minor - refunded[which]) / 2;
    events.push_back(PurchaseRefunded(purchases[which], i, amount, refunded[which], NoonOf(330)));
    refunded[which] += amount;
  }
  std::set<std::string> customer_ids;
  for (const TestPurchase& purchase : purchases) {
    customer_ids.insert(purchase.customer_id);
  }
  ASSERT_EQ(Deliver(events), absl::OkStatus());
  EXPECT_EQ(Imbalance(), 0);

  ApiFixture one_by_one;
  for (const common::v1::Event& event : events) {
    ASSERT_EQ(one_by_one.Deliver({event}), absl::OkStatus());
  }
  for (const std::string& id : customer_ids) {
    EXPECT_EQ(Balance(id).available(), one_by_one.Balance(id).available());
    const auto left = Entries(id);
    const auto right = one_by_one.Entries(id);
    ASSERT_EQ(left.size(), right.size());
    for (size_t e = 0; e < left.size(); ++e) {
      EXPECT_EQ(left[e].SerializeAsString(), right[e].SerializeAsString());
    }
  }
  ASSERT_EQ(Outbox().size(), one_by_one.Outbox().size());
  for (size_t i = 0; i < Outbox().size(); ++i) {
    EXPECT_EQ(Outbox()[i].event_id, one_by_one.Outbox()[i].event_id);
  }
}

}  // namespace
}  // namespace clientele::loyalty
