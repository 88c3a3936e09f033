#include <string>
#include <vector>

#include "common/money/money.h"
#include "common/status/error.h"
#include "common/status/macros.h"
#include "gmock/gmock.h"
#include "services/profile/store/profile_store_contract.h"
#include "services/profile/store/purchase_store.h"

namespace clientele::profile {
namespace {

using ::testing::ElementsAre;

RefundCommand Return(const Purchase& purchase, const std::string& number, int64_t quantity,
                     int hour = 0) {
  return {.customer_id = purchase.header.customer_id,
          .purchase_id = purchase.header.id,
          .refund = {.refund_number = number,
                     .occur_time = kContractNow + absl::Hours(hour),
                     .lines = {{.line_number = 7, .quantity = quantity}},
                     .reason = "broken",
                     .content_hash = number}};
}

std::vector<std::string> NumbersOf(const std::vector<PurchaseHeader>& purchases) {
  std::vector<std::string> numbers;
  for (const PurchaseHeader& header : purchases) numbers.push_back(header.order_number);
  return numbers;
}

TEST_P(ProfileStoreContract, GivesAPurchaseBackAsItWasStored) {
  const Purchase order = MakeOrder("c-1", "536365");
  ASSERT_TRUE(RunBatch({order}, {}).ok());
  const Purchase stored = LoadPurchase("c-1", order.header.id);
  EXPECT_EQ(stored.header.order_number, "536365");
  EXPECT_EQ(stored.header.region, "中国");
  EXPECT_EQ(stored.header.currency, order.header.currency);
  EXPECT_EQ(stored.header.gross_minor, 200);
  EXPECT_EQ(stored.header.record_time, kContractNow);
  ASSERT_EQ(stored.lines.size(), 1u);
  EXPECT_EQ(stored.lines[0].sku, "85123A");
  EXPECT_EQ(stored.lines[0].unit_price_micros, 1'000'000);
  EXPECT_EQ(Load("c-1").root.commercial_status, CommercialStatus::kExisting);
}

TEST_P(ProfileStoreContract, HoldsTheLargestAmounts) {
  Purchase order = MakeOrder("c-1", "1");
  order.lines[0].gross_minor = kAmountMinorMax;
  order.header.gross_minor = kAmountMinorMax;
  ASSERT_TRUE(RunBatch({order}, {}).ok());
  EXPECT_EQ(LoadPurchase("c-1", order.header.id).header.gross_minor, kAmountMinorMax);
}

TEST_P(ProfileStoreContract, RecognisesARecordedOrderByItsHash) {
  std::vector<Purchase> orders;
  for (int i = 0; i < 40; ++i) {
    orders.push_back(MakeOrder(absl::StrCat("c-", i % 3), absl::StrCat(i)));
  }
  ASSERT_TRUE(RunBatch(orders, {}).ok());
  ASSERT_TRUE(RunBatch(orders, {}).ok());
  Purchase other = MakeOrder("c-1", "17");
  other.header.content_hash = "other";
  EXPECT_EQ(GetErrorReason(RunBatch({other}, {})), "PURCHASE_CONFLICT");
}

TEST_P(ProfileStoreContract, ListsEachSourceSystemOnce) {
  std::vector<std::string> systems;
  const auto list = [&](int count_max) {
    return Read([&](sql::Tx& tx) -> absl::Status {
      CLIENTELE_ASSIGN_OR_RETURN(systems, ListSourceSystems(tx, count_max));
      return absl::OkStatus();
    });
  };
  ASSERT_TRUE(list(9).ok());
  EXPECT_TRUE(systems.empty());
  std::vector<Purchase> orders;
  for (const char* system : {"till", "web-2", "till", "cdnow"}) {
    orders.push_back(MakeOrder("c-1", absl::StrCat(orders.size())));
    orders.back().header.source_system = system;
    orders.back().header.id = PurchaseIdOf(system, orders.back().header.order_number);
  }
  ASSERT_TRUE(RunBatch(orders, {}).ok());
  ASSERT_TRUE(list(9).ok());
  EXPECT_THAT(systems, ElementsAre("cdnow", "till", "web-2"));
  ASSERT_TRUE(list(2).ok());
  EXPECT_THAT(systems, ElementsAre("cdnow", "till"));
}

TEST_P(ProfileStoreContract, StoresRefundsWithTheirLinesOldestFirst) {
  const Purchase order = MakeOrder("c-1", "1");
  ASSERT_TRUE(RunBatch({order}, {Return(order, "r-2", 1, 5)}).ok());
  ASSERT_TRUE(RunBatch({}, {Return(order, "r-1", 1, 2), Return(order, "r-2", 1, 5)}).ok());
  const Purchase stored = LoadPurchase("c-1", order.header.id);
  EXPECT_EQ(stored.header.state, PurchaseState::kRefunded);
  EXPECT_EQ(stored.header.refunded_minor, 200);
  EXPECT_EQ(stored.header.version, 3);
  EXPECT_EQ(stored.lines[0].refunded_quantity, 2);
  ASSERT_EQ(stored.refunds.size(), 2u);
  EXPECT_EQ(stored.refunds[0].refund_number, "r-1");
  EXPECT_EQ(stored.refunds[0].amount_minor, 100);
  EXPECT_EQ(stored.refunds[0].reason, "broken");
  ASSERT_EQ(stored.refunds[1].lines.size(), 1u);
  EXPECT_EQ(stored.refunds[1].lines[0].amount_minor, 100);
}

TEST_P(ProfileStoreContract, LoadsTheLinesARefundNames) {
  const Purchase order = MakeOrder("c-1", "1");
  ASSERT_TRUE(RunBatch({order}, {}).ok());
  RefundCommand refund = Return(order, "r-1", 1);
  refund.refund.lines[0].line_number = 8;
  EXPECT_EQ(GetErrorReason(RunBatch({}, {refund})), "PURCHASE_LINE_NOT_FOUND");
  refund.customer_id = CustomerId("c-2");
  EXPECT_EQ(GetErrorReason(RunBatch({}, {refund})), "PURCHASE_NOT_FOUND");
}

TEST_P(ProfileStoreContract, StoresACancellation) {
  const Purchase order = MakeOrder("c-1", "1");
  ASSERT_TRUE(RunBatch({order}, {}).ok());
  const CancelCommand cancel{.customer_id = CustomerId("c-1"),
                             .purchase_id = order.header.id,
                             .expected_version = 1,
                             .occur_time = kContractNow};
  ASSERT_TRUE(Write([&](sql::Tx& tx) -> absl::Status {
                PurchaseBatch batch(kContractNow);
                const BatchDemand demand{.customer_ids = {"c-1"}, .cancels = {&cancel}};
                CLIENTELE_RETURN_IF_ERROR(LoadBatch(tx, vault(), demand, batch));
                CLIENTELE_RETURN_IF_ERROR(batch.Cancel(cancel));
                return SaveBatch(tx, vault(), std::move(batch).Finish(), kContractNow);
              }).ok());
  EXPECT_EQ(LoadPurchase("c-1", order.header.id).header.state, PurchaseState::kCancelled);
  EXPECT_EQ(LoadPurchase("c-1", order.header.id).header.cancel_time, kContractNow);
}

TEST_P(ProfileStoreContract, LeavesNothingOfABatchThatFails) {
  const Purchase order = MakeOrder("c-1", "1");
  RefundCommand refund = Return(order, "r-1", 3);
  EXPECT_FALSE(RunBatch({order}, {refund}).ok());
  ASSERT_TRUE(Read([&](sql::Tx& tx) -> absl::Status {
                const auto purchase = FindPurchase(tx, vault(), CustomerId("c-1"), order.header.id);
                EXPECT_TRUE(purchase.ok() && !purchase->has_value());
                return absl::OkStatus();
              }).ok());
}

TEST_P(ProfileStoreContract, PagesThroughPurchasesNewestFirst) {
  ASSERT_TRUE(
      RunBatch({MakeOrder("c-1", "a", 1), MakeOrder("c-1", "b", 3), MakeOrder("c-1", "c", 2),
                MakeOrder("c-1", "d", 3), MakeOrder("c-2", "e", 9)},
               {})
          .ok());
  ASSERT_TRUE(
      Read([&](sql::Tx& tx) -> absl::Status {
        std::vector<std::string> numbers;
        std::optional<PurchasePosition> after;
        for (int page = 0; page < 4; ++page) {
          const auto purchases = ListPurchases(tx, CustomerId("c-1"), {}, after, 1);
          const PurchaseHeader& header = purchases->at(0);
          numbers.push_back(header.order_number);
          after = PurchasePosition{absl::ToUnixMicros(header.occur_time), header.id.value()};
        }
        EXPECT_TRUE(ListPurchases(tx, CustomerId("c-1"), {}, after, 1)->empty());
        EXPECT_THAT(numbers, ::testing::UnorderedElementsAre("a", "b", "c", "d"));
        EXPECT_THAT(std::vector<std::string>(numbers.begin() + 2, numbers.end()),
                    ElementsAre("c", "a"));
        return absl::OkStatus();
      }).ok());
}

TEST_P(ProfileStoreContract, FiltersPurchases) {
  ASSERT_TRUE(RunBatch({MakeOrder("c-1", "a", 1), MakeOrder("c-1", "b", 3)}, {}).ok());
  const BoundFilter filter{
      .comparisons = {{.field = "occur_time",
                       .sql = "occur_time",
                       .op = FilterOperator::kLess,
                       .value = absl::ToUnixMicros(kContractNow + absl::Hours(2))}}};
  ASSERT_TRUE(Read([&](sql::Tx& tx) -> absl::Status {
                EXPECT_THAT(
                    NumbersOf(*ListPurchases(tx, CustomerId("c-1"), filter, std::nullopt, 9)),
                    ElementsAre("a"));
                return absl::OkStatus();
              }).ok());
}

}  // namespace
}  // namespace clientele::profile
