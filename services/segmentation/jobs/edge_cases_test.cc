// What a run and the counts say of histories that are easily got wrong, made by hand.

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/sql/transaction.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/segmentation/store/order_log_store.h"
#include "services/segmentation/testing/api_fixture.h"
#include "services/segmentation/testing/load_as_text.h"

namespace clientele::segmentation {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr absl::CivilDay kAsOf(2011, 2, 1);

absl::Time Midnight(absl::CivilDay day) { return absl::FromCivil(day, absl::UTCTimeZone()); }

RfmModelSpec SpecWith(MonetaryBasis monetary) {
  RfmModelSpec spec;
  spec.monetary = monetary;
  spec.currency_code = "GBP";
  return spec;
}

class EdgeCasesTest : public ::testing::Test {
 protected:
  // Creates "c-1" on 1 January with these events after it.
  void DeliverCustomer(std::vector<common::v1::Event> events) {
    events.insert(events.begin(), CustomerCreated("c-1", NoonOf(1)));
    fixture_.Deliver(std::move(events));
  }

  std::string Load(const RfmModelSpec& spec, absl::CivilDay as_of = kAsOf,
                   const LoadOptions& options = {}) {
    return LoadAsText(fixture_.database(), spec, as_of, options);
  }
  std::string Net() { return Load(SpecWith(MonetaryBasis::kNet)); }
  std::string Gross() { return Load(SpecWith(MonetaryBasis::kGross)); }

  // "customers bought repeatedly" as of 00:00 of a day of January 2011.
  std::string CountsOn(int day) {
    const BuyerCounts counts =
        ReadIn(fixture_.database(), {}, [&](sql::Tx& tx) {
          return CountBuyers(tx, {.as_of = Midnight(absl::CivilDay(2011, 1, day))});
        }).value();
    return absl::StrCat(counts.customer_count, " ", counts.bought_count, " ",
                        counts.bought_repeatedly_count);
  }

  ApiFixture fixture_;
};

TEST_F(EdgeCasesTest, ARefundCountsFromItsOwnTimeAndNotAtAsOfItself) {
  const TestPurchase purchase{"c-1", 1, NoonOf(5), 1000};
  DeliverCustomer({PurchaseRecorded(purchase),
                   PurchaseRefunded(purchase, 1, 100, 0, Midnight(kAsOf) - absl::Microseconds(1)),
                   PurchaseRefunded(purchase, 2, 200, 100, Midnight(kAsOf)),
                   PurchaseRefunded(purchase, 3, 300, 300, NoonOf(60))});
  EXPECT_THAT(Net(), HasSubstr("c-1 27 1 900\n"));
  EXPECT_THAT(Gross(), HasSubstr("c-1 27 1 1000\n"));
  EXPECT_THAT(Load(SpecWith(MonetaryBasis::kNet), kAsOf + 1), HasSubstr("c-1 28 1 700\n"));
}

TEST_F(EdgeCasesTest, AnOrderRefundedInFullCountsUntilThen) {
  const TestPurchase purchase{"c-1", 1, NoonOf(5), 1000};
  DeliverCustomer({PurchaseRecorded(purchase), PurchaseRefunded(purchase, 1, 600, 0, NoonOf(10)),
                   PurchaseRefunded(purchase, 2, 400, 600, NoonOf(40))});
  EXPECT_THAT(Net(), HasSubstr("c-1 27 1 400\n"));
  EXPECT_THAT(Load(SpecWith(MonetaryBasis::kNet), kAsOf + 30), HasSubstr("NO_NET_VALUE 1\n"));
}

TEST_F(EdgeCasesTest, AnOrderCancelledAndRefundedIsWorthNothingOnceAndNeverLess) {
  const TestPurchase first{"c-1", 1, NoonOf(5), 1000};
  const TestPurchase second{"c-1", 2, NoonOf(6), 500};
  DeliverCustomer(
      {PurchaseRecorded(first), PurchaseRecorded(second),
       PurchaseRefunded(first, 1, 300, 0, NoonOf(10)), PurchaseCancelled(first, NoonOf(12)),
       PurchaseRefunded(second, 1, 100, 0, NoonOf(10)), PurchaseCancelled(second, NoonOf(60))});
  EXPECT_THAT(Net(), HasSubstr("c-1 26 1 400\n")) << "second is cancelled later, first is gone";
  EXPECT_THAT(Gross(), HasSubstr("c-1 26 2 1500\n"));
  EXPECT_THAT(Load(SpecWith(MonetaryBasis::kNet), absl::CivilDay(2011, 1, 12)),
              HasSubstr("c-1 6 2 1100\n"));
  EXPECT_THAT(Load(SpecWith(MonetaryBasis::kNet), absl::CivilDay(2011, 4, 1)),
              HasSubstr("NO_NET_VALUE 1\n"));
}

TEST_F(EdgeCasesTest, AFreeOrderCountsInGrossAndNotInNet) {
  DeliverCustomer({PurchaseRecorded({"c-1", 1, NoonOf(5), 0})});
  EXPECT_THAT(Gross(), HasSubstr("c-1 27 1 0\n"));
  EXPECT_THAT(Net(), HasSubstr("NO_NET_VALUE 1\n"));
}

TEST_F(EdgeCasesTest, OrdersInOtherCurrenciesAreNeitherCountedNorConverted) {
  fixture_.Deliver(
      {CustomerCreated("c-2", NoonOf(1)), PurchaseRecorded({"c-2", 3, NoonOf(7), 900, "JPY"})});
  DeliverCustomer({PurchaseRecorded({"c-1", 1, NoonOf(5), 1000}),
                   PurchaseRecorded({"c-1", 2, NoonOf(9), 7000, "USD"})});
  const std::string seen = Gross();
  EXPECT_THAT(seen, HasSubstr("c-1 27 1 1000\n")) << "the newer order in USD is no last order";
  EXPECT_THAT(seen, HasSubstr("WRONG_CURRENCY 1\n"));
}

TEST_F(EdgeCasesTest, ACustomerIsLeftOutOnlyWhileItWasDeleted) {
  DeliverCustomer({PurchaseRecorded({"c-1", 1, NoonOf(5), 100}), CustomerDeleted("c-1", NoonOf(10)),
                   CustomerUndeleted("c-1", NoonOf(20)), CustomerDeleted("c-1", NoonOf(30))});
  std::vector<int> deleted_days;
  for (int day = 6; day <= 31; ++day) {
    const std::string seen =
        Load(SpecWith(MonetaryBasis::kGross), absl::CivilDay(2011, 1, day), {.page_rows = 1});
    const bool is_deleted = seen.find("DELETED 1\n") != std::string::npos;
    EXPECT_EQ(CountsOn(day), is_deleted ? "0 0 0" : "1 1 0") << day;
    if (is_deleted) {
      deleted_days.push_back(day);
    }
  }
  EXPECT_THAT(deleted_days, ElementsAre(11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 31));
}

TEST_F(EdgeCasesTest, ADeleteAndItsUndeleteAtOneInstantLeaveNoTrace) {
  DeliverCustomer({PurchaseRecorded({"c-1", 1, NoonOf(5), 100}), CustomerDeleted("c-1", NoonOf(10)),
                   CustomerUndeleted("c-1", NoonOf(10))});
  for (const int day : {9, 10, 11, 31}) {
    EXPECT_EQ(CountsOn(day), "1 1 0") << day;
  }
  EXPECT_THAT(Gross(), HasSubstr("c-1 27 1 100\n"));
}

TEST_F(EdgeCasesTest, ARunOfThePastDoesNotKnowLaterCustomers) {
  DeliverCustomer({PurchaseRecorded({"c-1", 1, NoonOf(5), 100})});
  fixture_.Deliver({CustomerCreated("c-2", NoonOf(3))});
  const std::string before = Gross();
  EXPECT_THAT(before, HasSubstr("NO_PURCHASE 1\n"));
  fixture_.Deliver({CustomerCreated("c-3", NoonOf(100)),
                    PurchaseRecorded({"c-3", 2, NoonOf(100), 100}),
                    PurchaseRecorded({"c-3", 3, NoonOf(101), 100, "USD", "till"})});
  EXPECT_EQ(Gross(), before);
  fixture_.Deliver({PurchaseRecorded({"c-3", 4, NoonOf(7), 100, "USD"})});
  EXPECT_THAT(Gross(), HasSubstr("AFTER_AS_OF 1\n")) << "an order imported late makes it known";
}

TEST_F(EdgeCasesTest, TheWindowBeginsAtItsFirstMidnight) {
  DeliverCustomer({PurchaseRecorded({"c-1", 1, Midnight(kAsOf - 7), 100}),
                   PurchaseRecorded({"c-1", 2, NoonOf(2), 900})});
  RfmModelSpec spec = SpecWith(MonetaryBasis::kGross);
  spec.window_days = 7;
  EXPECT_THAT(Load(spec), HasSubstr("c-1 7 1 100\n"));
  spec.window_days = 6;
  EXPECT_THAT(Load(spec), HasSubstr("c-1 out 7\n"));
}

TEST_F(EdgeCasesTest, ASingleCustomerIsScoredByForceOnly) {
  DeliverCustomer({PurchaseRecorded({"c-1", 1, NoonOf(340), 100})});
  const std::string refused = fixture_.StartRun(GrowthSpec());
  EXPECT_EQ(fixture_.RunNext().state, RunState::kFailed);
  const std::string forced = fixture_.StartRun(GrowthSpec(), /*force=*/true);
  ASSERT_EQ(fixture_.RunNext().error, absl::OkStatus());
  const v1::RfmRun run = fixture_.GetRun(forced);
  std::vector<std::string> gates;
  for (const v1::RfmGateFailure& gate : run.failed_gates()) {
    gates.push_back(gate.gate());
  }
  EXPECT_THAT(gates, ElementsAre("BUYERS", "HISTORY_DAYS", "REPEAT_BUYERS_BP", "DISTINCT_RECENCY",
                                 "DISTINCT_FREQUENCY", "DISTINCT_MONETARY"));
  ASSERT_EQ(run.top_customers_size(), 1);
  EXPECT_EQ(run.top_customers(0).cell(), "511");
  EXPECT_EQ(run.top_customers(0).segment(), "NEW");
  EXPECT_EQ(run.tie_sensitivity(), 1) << "the other policy would say 155";
}

TEST_F(EdgeCasesTest, TheCountsFollowOrdersCancelsAndCustomersThroughTime) {
  const TestPurchase second{"c-1", 2, NoonOf(8), 100};
  DeliverCustomer({PurchaseRecorded({"c-1", 1, NoonOf(5), 100}), PurchaseRecorded(second),
                   PurchaseRefunded(second, 1, 100, 0, NoonOf(9)),
                   PurchaseCancelled(second, NoonOf(20))});
  EXPECT_EQ(CountsOn(1), "0 0 0");
  EXPECT_EQ(CountsOn(2), "1 0 0");
  EXPECT_EQ(CountsOn(6), "1 1 0");
  EXPECT_EQ(CountsOn(15), "1 1 1") << "a refund is no cancel";
  EXPECT_EQ(CountsOn(21), "1 1 0");
}

}  // namespace
}  // namespace clientele::segmentation
