#include "services/profile/domain/purchase_batch.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/status/error.h"
#include "gtest/gtest.h"

namespace clientele::profile {
namespace {

const absl::Time kNow = absl::FromUnixSeconds(1'700'000'000);

Purchase Order(const std::string& customer_id, const std::string& order_number,
               int64_t quantity = 2) {
  Purchase purchase{
      .header = {.id = PurchaseIdOf("shop", order_number),
                 .customer_id = CustomerId(customer_id),
                 .source_system = "shop",
                 .order_number = order_number,
                 .occur_time = kNow,
                 .currency = *CurrencyCode::Parse("GBP")},
      .lines = {
          {.line_number = 1, .sku = "a", .quantity = quantity, .unit_price_micros = 1'000'000}}};
  EXPECT_TRUE(ComputeTotals(purchase).ok());
  purchase.header.content_hash = CanonicalContent(purchase);
  return purchase;
}

RefundCommand Return(const Purchase& purchase, const std::string& refund_number, int64_t quantity) {
  return {.customer_id = purchase.header.customer_id,
          .purchase_id = purchase.header.id,
          .refund = {.refund_number = refund_number,
                     .occur_time = kNow,
                     .lines = {{.line_number = 1, .quantity = quantity}},
                     .content_hash = absl::StrCat(refund_number, quantity)}};
}

CustomerRoot Existing(const std::string& id) {
  return {.id = CustomerId(id), .version = 3, .feed_seq = 10};
}

TEST(PurchaseBatch, MakesACustomerOnceAndItsEventsDense) {
  PurchaseBatch batch(kNow);
  const ImportedBuyer buyer{.make_if_missing = true};
  const auto first = batch.Record(Order("c-1", "1"), &buyer);
  const auto second = batch.Record(Order("c-1", "2"), &buyer);
  ASSERT_TRUE(first.ok() && second.ok());
  EXPECT_TRUE(first->made_customer);
  EXPECT_FALSE(second->made_customer);
  const BatchWrites writes = std::move(batch).Finish();
  ASSERT_EQ(writes.made_customers.size(), 1u);
  EXPECT_EQ(writes.made_customers[0].root.feed_seq, 4);
  EXPECT_EQ(writes.made_customers[0].root.version, 2);
  EXPECT_EQ(writes.made_customers[0].root.commercial_status, CommercialStatus::kExisting);
  ASSERT_EQ(writes.events.size(), 4u);  // created, recorded, updated, recorded
  for (size_t i = 0; i < writes.events.size(); ++i) {
    EXPECT_EQ(writes.events[i].feed_seq, static_cast<int64_t>(i) + 1);
  }
  EXPECT_TRUE(std::holds_alternative<CustomerUpdated>(writes.events[2].body));
}

TEST(PurchaseBatch, RecognisesARepetitionWithinItself) {
  PurchaseBatch batch(kNow);
  batch.LoadCustomer(Existing("c-1"));
  ASSERT_TRUE(batch.Record(Order("c-1", "1"), nullptr).ok());
  const auto again = batch.Record(Order("c-1", "1"), nullptr);
  ASSERT_TRUE(again.ok());
  EXPECT_TRUE(again->already_recorded);
  EXPECT_EQ(GetErrorReason(batch.Record(Order("c-1", "1", 5), nullptr).status()),
            "PURCHASE_CONFLICT");
  EXPECT_EQ(std::move(batch).Finish().made_purchases.size(), 1u);
}

TEST(PurchaseBatch, LeavesNothingOfARefusedItem) {
  PurchaseBatch batch(kNow);
  EXPECT_EQ(GetErrorReason(batch.Record(Order("c-1", "1"), nullptr).status()),
            "CUSTOMER_NOT_FOUND");
  batch.LoadOrder(PurchaseIdOf("shop", "2"), "other");
  const ImportedBuyer buyer{.make_if_missing = true};
  EXPECT_EQ(GetErrorReason(batch.Record(Order("c-1", "2"), &buyer).status()), "PURCHASE_CONFLICT");
  const BatchWrites writes = std::move(batch).Finish();
  EXPECT_TRUE(writes.made_customers.empty());
  EXPECT_TRUE(writes.made_purchases.empty());
  EXPECT_TRUE(writes.events.empty());
}

TEST(PurchaseBatch, RefusesADeletedCustomerButKnowsItsOldOrders) {
  PurchaseBatch batch(kNow);
  CustomerRoot deleted = Existing("c-1");
  deleted.state = CustomerState::kDeleted;
  batch.LoadCustomer(deleted);
  batch.LoadOrder(PurchaseIdOf("shop", "1"), Order("c-1", "1").header.content_hash);
  EXPECT_TRUE(batch.Record(Order("c-1", "1"), nullptr)->already_recorded);
  EXPECT_EQ(GetErrorReason(batch.Record(Order("c-1", "2"), nullptr).status()), "CUSTOMER_DELETED");
}

TEST(PurchaseBatch, KeepsAnExclusiveIdentifierForOneOfItsCustomers) {
  PurchaseBatch batch(kNow);
  ImportedBuyer buyer{.make_if_missing = true};
  buyer.identifiers = {
      {.type = IdentifierType::kExternal, .system = "erp", .value = "1", .hash = "h1"}};
  EXPECT_TRUE(batch.Record(Order("c-1", "1"), &buyer).ok());
  EXPECT_EQ(GetErrorReason(batch.Record(Order("c-2", "2"), &buyer).status()), "IDENTIFIER_TAKEN");
  EXPECT_EQ(std::move(batch).Finish().made_customers.size(), 1u);
}

Identifier External(const std::string& system, const std::string& value) {
  return {.type = IdentifierType::kExternal,
          .system = system,
          .value = value,
          .hash = absl::StrCat(system, "/", value)};
}

TEST(PurchaseBatch, AnswersTheErrorsOfAnOrderInTheOrderOfTheContract) {
  CustomerRoot deleted = Existing("c-1");
  deleted.state = CustomerState::kDeleted;
  const ImportedBuyer stranger{.identifiers = {External("shop", "A_1")}};
  PurchaseBatch batch(kNow);
  EXPECT_EQ(GetErrorReason(batch.Record(Order("c-1", "1"), &stranger).status()),
            "CUSTOMER_NOT_FOUND");
  batch.LoadCustomer(deleted);
  batch.LoadIdentifiers(CustomerId("c-1"), {External("shop", "A.1")});
  batch.LoadOrder(PurchaseIdOf("shop", "1"), "other");
  EXPECT_EQ(GetErrorReason(batch.Record(Order("c-1", "1"), &stranger).status()),
            "CUSTOMER_ID_COLLISION");
  EXPECT_EQ(GetErrorReason(batch.Record(Order("c-1", "1"), nullptr).status()), "PURCHASE_CONFLICT");
  EXPECT_EQ(GetErrorReason(batch.Record(Order("c-1", "2"), nullptr).status()), "CUSTOMER_DELETED");
}

TEST(PurchaseBatch, RefusesSomebodyElsesOrdersUnderTheIdOfACustomer) {
  PurchaseBatch batch(kNow);
  batch.LoadCustomer(Existing("c-1"));
  batch.LoadIdentifiers(CustomerId("c-1"), {External("shop", "A.1")});
  const auto reason_for = [&](std::vector<Identifier> identifiers) {
    const ImportedBuyer buyer{.identifiers = std::move(identifiers), .make_if_missing = true};
    return GetErrorReason(batch.Record(Order("c-1", "1"), &buyer).status());
  };
  EXPECT_EQ(reason_for({External("shop", "A_1")}), "CUSTOMER_ID_COLLISION");
  EXPECT_EQ(reason_for({External("till", "9"), External("shop", "A_1")}), "CUSTOMER_ID_COLLISION");
  // Another system's ids contradict nothing, and neither does an import that gives none.
  EXPECT_EQ(reason_for({External("till", "9")}), "");
  EXPECT_EQ(reason_for({}), "");
  batch.LoadHolder({External("shop", "A.1").hash, CustomerId("c-1")});
  EXPECT_EQ(reason_for({External("shop", "A_1"), External("shop", "A.1")}), "");
}

TEST(PurchaseBatch, NoticesACollisionWithACustomerItMadeItself) {
  PurchaseBatch batch(kNow);
  const ImportedBuyer first{.identifiers = {External("shop", "A.1")}, .make_if_missing = true};
  const ImportedBuyer second{.identifiers = {External("shop", "A_1")}, .make_if_missing = true};
  ASSERT_TRUE(batch.Record(Order("shop-a-1", "1"), &first).ok());
  const auto collision = GetErrorDetails(batch.Record(Order("shop-a-1", "2"), &second).status());
  ASSERT_TRUE(collision.has_value());
  EXPECT_EQ(collision->reason, "CUSTOMER_ID_COLLISION");
  EXPECT_EQ(collision->metadata.at("customer_id"), "shop-a-1");
  EXPECT_EQ(collision->metadata.at("system"), "shop");
  // Not a repetition either: it is another customer's order.
  EXPECT_EQ(GetErrorReason(batch.Record(Order("shop-a-1", "1"), &second).status()),
            "CUSTOMER_ID_COLLISION");
  EXPECT_TRUE(batch.Record(Order("shop-a-1", "3"), &first).ok());
  EXPECT_EQ(std::move(batch).Finish().made_purchases.size(), 2u);
}

TEST(PurchaseBatch, RefundsAnOrderOfItselfInPlace) {
  PurchaseBatch batch(kNow);
  batch.LoadCustomer(Existing("c-1"));
  const Purchase order = Order("c-1", "1");
  ASSERT_TRUE(batch.Record(order, nullptr).ok());
  ASSERT_TRUE(batch.GiveBack(Return(order, "r-1", 1)).ok());
  EXPECT_TRUE(batch.GiveBack(Return(order, "r-1", 1))->already_recorded);
  EXPECT_EQ(GetErrorReason(batch.GiveBack(Return(order, "r-2", 2)).status()),
            "REFUND_EXCEEDS_REMAINING");
  ASSERT_TRUE(batch.GiveBack(Return(order, "r-3", 1)).ok());
  const BatchWrites writes = std::move(batch).Finish();
  ASSERT_EQ(writes.made_purchases.size(), 1u);
  EXPECT_EQ(writes.made_purchases[0].header.state, PurchaseState::kRefunded);
  EXPECT_EQ(writes.made_purchases[0].lines[0].refunded_quantity, 2);
  EXPECT_TRUE(writes.changed_purchases.empty());
  EXPECT_TRUE(writes.changed_lines.empty());
  ASSERT_EQ(writes.made_refunds.size(), 2u);
  EXPECT_EQ(writes.made_refunds[1].refund.ordinal, 2);
}

TEST(PurchaseBatch, ChangesALoadedOrderAndItsCustomersFeedOnly) {
  PurchaseBatch batch(kNow);
  batch.LoadCustomer(Existing("c-1"));
  const Purchase order = Order("c-1", "1");
  batch.LoadPurchase(order.header);
  batch.LoadLine(order.header.id, order.lines[0]);
  ASSERT_TRUE(batch.GiveBack(Return(order, "r-1", 1)).ok());
  ASSERT_TRUE(batch.GiveBack(Return(order, "r-2", 1)).ok());
  const BatchWrites writes = std::move(batch).Finish();
  ASSERT_EQ(writes.changed_purchases.size(), 1u);
  EXPECT_EQ(writes.changed_purchases[0].refund_count, 2);
  ASSERT_EQ(writes.changed_lines.size(), 1u);
  EXPECT_EQ(writes.changed_lines[0].line.refunded_quantity, 2);
  ASSERT_EQ(writes.changed_customers.size(), 1u);
  EXPECT_EQ(writes.changed_customers[0].feed_seq, 12);
  EXPECT_EQ(writes.changed_customers[0].version, 3);
}

TEST(PurchaseBatch, FindsAPurchaseOfItsCustomerOnly) {
  PurchaseBatch batch(kNow);
  const Purchase order = Order("c-1", "1");
  batch.LoadCustomer(Existing("c-1"));
  batch.LoadPurchase(order.header);
  RefundCommand stranger = Return(order, "r-1", 1);
  stranger.customer_id = CustomerId("c-2");
  EXPECT_EQ(GetErrorReason(batch.GiveBack(stranger).status()), "PURCHASE_NOT_FOUND");
}

TEST(PurchaseBatch, SortsWhatItWritesByKey) {
  PurchaseBatch batch(kNow);
  const ImportedBuyer buyer{.make_if_missing = true};
  for (const std::string id : {"c-9", "c-1", "c-5"}) {
    ASSERT_TRUE(batch.Record(Order(id, id), &buyer).ok());
  }
  const BatchWrites writes = std::move(batch).Finish();
  EXPECT_EQ(writes.made_customers[0].root.id.value(), "c-1");
  EXPECT_EQ(writes.made_customers[2].root.id.value(), "c-9");
  EXPECT_EQ(writes.made_purchases[1].header.customer_id.value(), "c-5");
}

}  // namespace
}  // namespace clientele::profile
