#include "services/profile/api/handlers/import_session.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/status/error.h"
#include "gmock/gmock.h"
#include "google/rpc/error_details.pb.h"
#include "gtest/gtest.h"
#include "services/profile/api/handlers/customer_reads.h"
#include "services/profile/testing/api_fixture.h"

namespace clientele::profile {
namespace {

using ::testing::ElementsAre;

v1::ImportPurchasesRequest Config(bool create_missing_customers = true) {
  v1::ImportPurchasesRequest request;
  request.mutable_config()->set_source_system("shop");
  request.mutable_config()->set_create_missing_customers(create_missing_customers);
  return request;
}

v1::ImportItem Order(const std::string& customer_id, const std::string& number) {
  v1::ImportItem item;
  *item.mutable_order()->mutable_purchase() = MakePurchaseProto(customer_id, number);
  item.mutable_order()->mutable_purchase()->clear_source_system();
  return item;
}

v1::ImportItem Refund(const std::string& customer_id, const std::string& number,
                      const std::string& refund_number, int64_t quantity) {
  v1::ImportItem item;
  item.mutable_refund()->set_customer_id(customer_id);
  item.mutable_refund()->set_order_number(number);
  item.mutable_refund()->mutable_refund()->set_refund_number(refund_number);
  v1::RefundLine& line = *item.mutable_refund()->mutable_refund()->add_lines();
  line.set_line_number(1);
  line.set_quantity(quantity);
  return item;
}

v1::ImportPurchasesRequest Batch(int64_t sequence_number,
                                 const std::vector<v1::ImportItem>& items) {
  v1::ImportPurchasesRequest request;
  request.mutable_batch()->set_sequence_number(sequence_number);
  for (const v1::ImportItem& item : items) *request.mutable_batch()->add_items() = item;
  return request;
}

class ImportSessionTest : public ::testing::Test {
 protected:
  // A session that has its config.
  ImportSession Started(bool create_missing_customers = true) {
    ImportSession session(fixture_.api(), call_);
    const auto answer = session.Handle(Config(create_missing_customers));
    EXPECT_TRUE(answer.ok() && !answer->has_value());
    return session;
  }

  // The checkpoint of the only batch of a new session.
  v1::ImportPurchasesResponse Import(const std::vector<v1::ImportItem>& items,
                                     bool create_missing_customers = true) {
    ImportSession session = Started(create_missing_customers);
    const auto answer = session.Handle(Batch(1, items));
    EXPECT_TRUE(answer.ok()) << answer.status();
    return answer.ok() ? **answer : v1::ImportPurchasesResponse();
  }

  ApiFixture fixture_;
  rpc::CallContext call_;
};

TEST_F(ImportSessionTest, CountsWhatABatchDid) {
  v1::ImportItem malformed = Order("c-3", "3");
  malformed.mutable_order()->mutable_purchase()->set_currency_code("gbp");
  const auto checkpoint =
      Import({Order("c-1", "1"), Order("c-1", "2"), Order("c-2", "2"), malformed,
              Refund("c-1", "1", "r-1", 2), Refund("c-1", "1", "r-2", 9), v1::ImportItem()});
  EXPECT_EQ(checkpoint.sequence_number(), 1);
  EXPECT_EQ(checkpoint.orders_recorded_count(), 2);
  EXPECT_EQ(checkpoint.lines_recorded_count(), 2);
  EXPECT_EQ(checkpoint.customers_created_count(), 1);
  EXPECT_EQ(checkpoint.refunds_recorded_count(), 1);
  ASSERT_EQ(checkpoint.refusals_size(), 4);
  EXPECT_EQ(checkpoint.refusals(0).item_index(), 2);
  EXPECT_EQ(ReasonOf(checkpoint.refusals(0).status()), "PURCHASE_CONFLICT");
  EXPECT_EQ(ReasonOf(checkpoint.refusals(1).status()), "INVALID_ARGUMENT");
  EXPECT_EQ(ReasonOf(checkpoint.refusals(2).status()), "REFUND_EXCEEDS_REMAINING");
  EXPECT_EQ(checkpoint.refusals(3).item_index(), 6);
}

TEST_F(ImportSessionTest, TellsTheTraceOfItsStream) {
  call_.traceparent = "trace";
  ImportSession session(fixture_.api(), call_);
  ASSERT_TRUE(session.Handle(Config(true)).ok());
  ASSERT_TRUE(session.Handle(Batch(1, {Order("c-1", "1")})).ok());
  for (const feed::OutboxEvent& event : fixture_.Outbox()) {
    EXPECT_EQ(event.traceparent, "trace") << event.type;
  }
  EXPECT_FALSE(fixture_.Outbox().empty());
}

TEST_F(ImportSessionTest, TellsTheAuditLogWhomEachBatchHasChanged) {
  call_ = fixture_.Call();
  call_.audits = true;
  call_.call_id = "call";
  ImportSession session = Started();
  for (int i = 1; i <= 2; ++i) {  // the second time nothing is new
    ASSERT_TRUE(session.Handle(Batch(i, {Order("c-2", "1"), Order("c-1", "2")})).ok());
  }
  ASSERT_TRUE(session.Handle(Batch(3, {Refund("c-1", "2", "r-1", 1)})).ok());
  EXPECT_THAT(fixture_.AuditedWrites(),
              ElementsAre("call: customer/c-1 customer/c-2", "call: customer/c-1"));
  EXPECT_TRUE(call_.audit_committed);
}

TEST_F(ImportSessionTest, NamesFieldsFromTheMessageDown) {
  v1::ImportItem malformed = Order("c-3", "3");
  malformed.mutable_order()->mutable_purchase()->mutable_lines(0)->clear_sku();
  const auto checkpoint = Import({malformed});
  google::rpc::BadRequest bad_request;
  bool found = false;
  for (const auto& detail : checkpoint.refusals(0).status().details()) {
    found = found || detail.UnpackTo(&bad_request);
  }
  ASSERT_TRUE(found);
  EXPECT_EQ(bad_request.field_violations(0).field(), "batch.items[0].order.purchase.lines[0].sku");
}

TEST_F(ImportSessionTest, SaysWhoseErrorARefusalIs) {
  const auto checkpoint = Import({Refund("c-1", "1", "r-1", 1)});
  ASSERT_EQ(checkpoint.refusals_size(), 1);
  google::rpc::ErrorInfo info;
  ASSERT_TRUE(checkpoint.refusals(0).status().details(0).UnpackTo(&info));
  EXPECT_EQ(info.domain(), "profile.clientele");
}

TEST_F(ImportSessionTest, ChangesNothingTheSecondTime) {
  const std::vector<v1::ImportItem> items = {Order("c-1", "1"), Order("c-2", "2"),
                                             Refund("c-1", "1", "r-1", 2)};
  Import(items);
  const size_t event_count = fixture_.Outbox().size();
  const auto again = Import(items);
  EXPECT_EQ(again.orders_recorded_count(), 0);
  EXPECT_EQ(again.orders_already_recorded_count(), 2);
  EXPECT_EQ(again.refunds_already_recorded_count(), 1);
  EXPECT_EQ(again.customers_created_count(), 0);
  EXPECT_EQ(fixture_.Outbox().size(), event_count);
}

TEST_F(ImportSessionTest, EndsAlikeWhereverItWasCutAndResumed) {
  const std::vector<v1::ImportItem> items = {Order("c-1", "1"),
                                             Order("c-2", "2"),
                                             Refund("c-1", "1", "r-1", 2),
                                             Order("c-1", "3"),
                                             Refund("c-1", "1", "r-2", 4),
                                             Order("c-3", "4")};
  for (size_t cut = 1; cut < items.size(); ++cut) {
    ApiFixture cut_fixture;
    ImportSession first(cut_fixture.api(), call_);
    ASSERT_TRUE(first.Handle(Config()).ok());
    ASSERT_TRUE(first.Handle(Batch(1, {items.begin(), items.begin() + cut})).ok());
    ImportSession second(cut_fixture.api(), call_);
    ASSERT_TRUE(second.Handle(Config()).ok());
    ASSERT_TRUE(second.Handle(Batch(1, items)).ok());
    ApiFixture whole_fixture;
    ImportSession whole(whole_fixture.api(), call_);
    ASSERT_TRUE(whole.Handle(Config()).ok());
    ASSERT_TRUE(whole.Handle(Batch(1, items)).ok());
    const auto cut_events = cut_fixture.Outbox();
    const auto whole_events = whole_fixture.Outbox();
    ASSERT_EQ(cut_events.size(), whole_events.size()) << "cut " << cut;
    for (size_t i = 0; i < cut_events.size(); ++i) {
      EXPECT_EQ(cut_events[i].type, whole_events[i].type);
      EXPECT_EQ(cut_events[i].feed_seq, whole_events[i].feed_seq);
      EXPECT_EQ(cut_events[i].data, whole_events[i].data);
    }
  }
}

TEST_F(ImportSessionTest, MakesCustomersWithTheirIdentifiersOnlyWhenAsked) {
  v1::ImportItem order = Order("c-1", "1");
  v1::Identifier& identifier = *order.mutable_order()->add_customer_identifiers();
  identifier.set_type(v1::IDENTIFIER_TYPE_EXTERNAL);
  identifier.set_system("shop");
  identifier.set_value("17850.0");
  EXPECT_EQ(ReasonOf(Import({order}, false).refusals(0).status()), "CUSTOMER_NOT_FOUND");
  v1::ImportItem other = order;
  other.mutable_order()->mutable_purchase()->set_customer_id("c-2");
  other.mutable_order()->mutable_purchase()->set_order_number("2");
  const auto checkpoint = Import({order, other});
  EXPECT_EQ(checkpoint.customers_created_count(), 1);
  ASSERT_EQ(checkpoint.refusals_size(), 1);
  EXPECT_EQ(ReasonOf(checkpoint.refusals(0).status()), "IDENTIFIER_TAKEN");

  v1::LookupCustomersRequest lookup;
  *lookup.add_identifiers() = identifier;
  rpc::CallContext call = fixture_.Call();
  const auto found = CustomerReads(fixture_.api()).Lookup(call, lookup);
  ASSERT_EQ(found->matches(0).customers_size(), 1);
  EXPECT_EQ(found->matches(0).customers(0).customer_id(), "c-1");
}

v1::ImportItem OrderOf(const std::string& spelling, const std::string& number) {
  v1::ImportItem item = Order("shop-a-1", number);
  v1::Identifier& identifier = *item.mutable_order()->add_customer_identifiers();
  identifier.set_type(v1::IDENTIFIER_TYPE_EXTERNAL);
  identifier.set_system("shop");
  identifier.set_value(spelling);
  return item;
}

TEST_F(ImportSessionTest, RefusesASecondImportsOrdersOfSomebodyElseUnderOneCustomerId) {
  Import({OrderOf("A.1", "1")});
  const auto checkpoint =
      Import({OrderOf("A_1", "1"), OrderOf("A_1", "2"), OrderOf("A.1", "3"), OrderOf("A.1", "1")});
  EXPECT_EQ(checkpoint.orders_recorded_count(), 1);
  EXPECT_EQ(checkpoint.orders_already_recorded_count(), 1);
  EXPECT_EQ(checkpoint.customers_created_count(), 0);
  ASSERT_EQ(checkpoint.refusals_size(), 2);
  EXPECT_EQ(checkpoint.refusals(0).item_index(), 0);
  EXPECT_EQ(checkpoint.refusals(1).item_index(), 1);
  for (const auto& refusal : checkpoint.refusals()) {
    EXPECT_EQ(refusal.status().code(), static_cast<int>(absl::StatusCode::kAlreadyExists));
    EXPECT_EQ(ReasonOf(refusal.status()), "CUSTOMER_ID_COLLISION");
  }
  // Also where the import makes no customers.
  EXPECT_EQ(ReasonOf(Import({OrderOf("A_1", "2")}, false).refusals(0).status()),
            "CUSTOMER_ID_COLLISION");
}

TEST_F(ImportSessionTest, RefundsAnOrderOfAnEarlierBatch) {
  ImportSession session = Started();
  ASSERT_TRUE(session.Handle(Batch(1, {Order("c-1", "1")})).ok());
  const auto answer =
      session.Handle(Batch(2, {Refund("c-1", "1", "r-1", 6), Refund("c-1", "9", "r-1", 1),
                               Refund("c-2", "1", "r-1", 1)}));
  ASSERT_TRUE(answer.ok());
  EXPECT_EQ((*answer)->refunds_recorded_count(), 1);
  ASSERT_EQ((*answer)->refusals_size(), 2);
  EXPECT_EQ(ReasonOf((*answer)->refusals(0).status()), "PURCHASE_NOT_FOUND");
  EXPECT_EQ(ReasonOf((*answer)->refusals(1).status()), "PURCHASE_NOT_FOUND");
}

TEST_F(ImportSessionTest, NeedsTheConfigFirstAndOnce) {
  ImportSession session(fixture_.api(), call_);
  EXPECT_THAT(ViolatedFields(session.Handle(Batch(1, {Order("c-1", "1")})).status()),
              ElementsAre("config"));
  v1::ImportPurchasesRequest config = Config();
  config.mutable_config()->set_source_system("Shop");
  EXPECT_THAT(ViolatedFields(session.Handle(config).status()), ElementsAre("config.source_system"));
  ImportSession started = Started();
  EXPECT_THAT(ViolatedFields(started.Handle(Config()).status()), ElementsAre("batch"));
  EXPECT_THAT(ViolatedFields(started.Handle({}).status()), ElementsAre("batch"));
}

TEST_F(ImportSessionTest, RefusesBatchesOutOfTurnOrTooLarge) {
  ImportSession session = Started();
  EXPECT_THAT(ViolatedFields(session.Handle(Batch(2, {})).status()),
              ElementsAre("batch.sequence_number", "batch.items"));
  EXPECT_THAT(
      ViolatedFields(
          session.Handle(Batch(1, std::vector<v1::ImportItem>(1001, Order("c-1", "1")))).status()),
      ElementsAre("batch.items"));
  v1::ImportItem long_order = Order("c-1", "1");
  v1::Purchase& purchase = *long_order.mutable_order()->mutable_purchase();
  for (int i = 2; i <= 2000; ++i) {
    *purchase.add_lines() = purchase.lines(0);
    purchase.mutable_lines(i - 1)->set_line_number(i);
  }
  EXPECT_THAT(ViolatedFields(
                  session.Handle(Batch(1, std::vector<v1::ImportItem>(26, long_order))).status()),
              ElementsAre("batch.items"));
  EXPECT_TRUE(session.Handle(Batch(1, std::vector<v1::ImportItem>(25, long_order))).ok());
}

TEST_F(ImportSessionTest, AcknowledgesNothingWhenTheTransactionFails) {
  call_.deadline = absl::InfinitePast();
  ImportSession session(fixture_.api(), call_);
  ASSERT_TRUE(session.Handle(Config()).ok());
  EXPECT_FALSE(session.Handle(Batch(1, {Order("c-1", "1")})).ok());
  EXPECT_TRUE(fixture_.Outbox().empty());
}

}  // namespace
}  // namespace clientele::profile
