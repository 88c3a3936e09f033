#include <string>
#include <vector>

#include "common/status/error.h"
#include "common/time/time_proto.h"
#include "gmock/gmock.h"
#include "google/protobuf/util/message_differencer.h"
#include "gtest/gtest.h"
#include "services/profile/api/converters/event_proto.h"
#include "services/profile/api/handlers/customer_reads.h"
#include "services/profile/api/handlers/customer_writes.h"
#include "services/profile/api/handlers/purchase_reads.h"
#include "services/profile/api/handlers/purchase_writes.h"
#include "services/profile/domain/purchase.h"
#include "services/profile/testing/api_fixture.h"

namespace clientele::profile {
namespace {

using ::google::protobuf::util::MessageDifferencer;
using ::testing::ElementsAre;

class PurchaseHandlers : public ::testing::Test {
 protected:
  void SetUp() override {
    rpc::CallContext call = fixture_.Call();
    const CustomerWrites customers(fixture_.api());
    for (const char* id : {"c-1", "c-2"}) {
      ASSERT_TRUE(customers.Create(call, MakeCreateRequest(id)).ok());
    }
  }
  rpc::CallContext Call() { return fixture_.Call(common::v1::REQUEST_ID_RULE_REQUIRED); }

  absl::StatusOr<v1::RecordPurchasesResponse> Record(const v1::RecordPurchasesRequest& request) {
    rpc::CallContext call = Call();
    auto response = writes_.Record(call, request);
    replayed_ = call.replayed;
    return response;
  }
  absl::StatusOr<v1::RecordPurchasesResponse> Record(const std::vector<v1::Purchase>& purchases) {
    v1::RecordPurchasesRequest request;
    request.set_request_id(MakeRequestId(++request_count_));
    for (const v1::Purchase& purchase : purchases) *request.add_purchases() = purchase;
    return Record(request);
  }
  absl::StatusOr<v1::Purchase> Get(const std::string& customer_id, const std::string& number) {
    v1::GetPurchaseRequest request;
    request.set_customer_id(customer_id);
    request.set_purchase_id(PurchaseIdOf("shop", number).value());
    rpc::CallContext call = Call();
    return reads_.Get(call, request);
  }
  v1::RefundPurchaseRequest RefundOf(const std::string& number, int64_t quantity) {
    v1::RefundPurchaseRequest request;
    request.set_request_id(MakeRequestId(++request_count_));
    request.set_customer_id("c-1");
    request.set_purchase_id(PurchaseIdOf("shop", number).value());
    v1::RefundLine& line = *request.add_lines();
    line.set_line_number(1);
    line.set_quantity(quantity);
    return request;
  }
  absl::StatusOr<v1::Purchase> Refund(const v1::RefundPurchaseRequest& request) {
    rpc::CallContext call = Call();
    auto response = writes_.Refund(call, request);
    replayed_ = call.replayed;
    return response;
  }
  absl::StatusOr<v1::Purchase> Cancel(const std::string& number, const std::string& etag = "") {
    v1::CancelPurchaseRequest request;
    request.set_request_id(MakeRequestId(++request_count_));
    request.set_customer_id("c-1");
    request.set_purchase_id(PurchaseIdOf("shop", number).value());
    request.set_etag(etag);
    rpc::CallContext call = Call();
    return writes_.Cancel(call, request);
  }
  std::vector<std::string> EventTypesOf(const std::string& customer_id) {
    std::vector<std::string> types;
    int64_t feed_seq = 0;
    for (const feed::OutboxEvent& event : fixture_.Outbox()) {
      if (event.customer_id != customer_id) continue;
      EXPECT_EQ(event.feed_seq, ++feed_seq);
      types.push_back(event.type);
    }
    return types;
  }

  ApiFixture fixture_;
  const PurchaseWrites writes_{fixture_.api()};
  const PurchaseReads reads_{fixture_.api()};
  int request_count_ = 0;
  bool replayed_ = false;
};

TEST_F(PurchaseHandlers, RecordsEachItemByItself) {
  v1::Purchase malformed = MakePurchaseProto("c-1", "3");
  malformed.clear_lines();
  const auto response = Record({MakePurchaseProto("c-1", "1"), MakePurchaseProto("c-9", "2"),
                                malformed, MakePurchaseProto("c-2", "4")});
  ASSERT_TRUE(response.ok()) << response.status();
  ASSERT_EQ(response->results_size(), 4);
  EXPECT_EQ(response->results(0).status().code(), 0);
  EXPECT_EQ(response->results(0).purchase_id(), PurchaseIdOf("shop", "1").value());
  EXPECT_EQ(ReasonOf(response->results(1).status()), "CUSTOMER_NOT_FOUND");
  EXPECT_EQ(response->results(1).purchase_id(), "");
  EXPECT_EQ(ReasonOf(response->results(2).status()), "INVALID_ARGUMENT");
  EXPECT_EQ(response->results(3).status().code(), 0);
  EXPECT_THAT(EventTypesOf("c-1"), ElementsAre(kCustomerCreatedType, kFactChangedType,
                                               kPurchaseRecordedType, kCustomerUpdatedType));
}

TEST_F(PurchaseHandlers, MakesACustomerExistingOnce) {
  ASSERT_TRUE(Record({MakePurchaseProto("c-1", "1")}).ok());
  ASSERT_TRUE(Record({MakePurchaseProto("c-1", "2")}).ok());
  v1::GetCustomerRequest request;
  request.set_customer_id("c-1");
  rpc::CallContext call = Call();
  const auto customer = GetCustomer(fixture_.api(), call, request);
  EXPECT_EQ(customer->commercial_status(), v1::COMMERCIAL_STATUS_EXISTING);
  EXPECT_EQ(customer->etag(), "v2");
  EXPECT_EQ(EventTypesOf("c-1").size(), 5u);
}

TEST_F(PurchaseHandlers, RecognisesAnOrderForEver) {
  ASSERT_TRUE(Record({MakePurchaseProto("c-1", "1")}).ok());
  const auto again = Record({MakePurchaseProto("c-1", "1")});
  EXPECT_TRUE(again->results(0).already_recorded());
  EXPECT_FALSE(replayed_);
  v1::Purchase other = MakePurchaseProto("c-1", "1");
  other.mutable_lines(0)->set_quantity(7);
  EXPECT_EQ(ReasonOf(Record({other})->results(0).status()), "PURCHASE_CONFLICT");
  EXPECT_EQ(ReasonOf(Record({MakePurchaseProto("c-2", "1")})->results(0).status()),
            "PURCHASE_CONFLICT");
}

TEST_F(PurchaseHandlers, GivesARepeatedBatchItsFirstAnswer) {
  v1::RecordPurchasesRequest request;
  request.set_request_id(MakeRequestId(77));
  *request.add_purchases() = MakePurchaseProto("c-1", "1");
  const auto first = Record(request);
  const auto again = Record(request);
  EXPECT_TRUE(replayed_);
  EXPECT_TRUE(MessageDifferencer::Equals(*first, *again));
  *request.add_purchases() = MakePurchaseProto("c-1", "2");
  EXPECT_EQ(GetErrorReason(Record(request).status()), "REQUEST_ID_REUSED");
}

TEST_F(PurchaseHandlers, RefusesACallWithoutIdOrItems) {
  EXPECT_THAT(ViolatedFields(Record(v1::RecordPurchasesRequest()).status()),
              ElementsAre("request_id", "purchases"));
  v1::RecordPurchasesRequest request;
  request.set_request_id(MakeRequestId(1));
  for (int i = 0; i < 1001; ++i) request.add_purchases();
  EXPECT_THAT(ViolatedFields(Record(request).status()), ElementsAre("purchases"));
}

TEST_F(PurchaseHandlers, BoundsTheLinesOfACall) {
  v1::Purchase full = MakePurchaseProto("c-1", "1");
  for (int i = 2; i <= 2000; ++i) {
    *full.add_lines() = full.lines(0);
    full.mutable_lines(i - 1)->set_line_number(i);
  }
  std::vector<v1::Purchase> purchases(25, full);
  EXPECT_TRUE(Record(purchases).ok());
  purchases.push_back(MakePurchaseProto("c-1", "2"));
  EXPECT_THAT(ViolatedFields(Record(purchases).status()), ElementsAre("purchases"));
}

TEST_F(PurchaseHandlers, RecordsAnOrderThatOneCallRepeatsOnce) {
  v1::Purchase other = MakePurchaseProto("c-1", "1");
  other.set_store("north");
  const auto response =
      Record({MakePurchaseProto("c-1", "1"), MakePurchaseProto("c-1", "1"), other});
  ASSERT_TRUE(response.ok()) << response.status();
  EXPECT_FALSE(response->results(0).already_recorded());
  EXPECT_TRUE(response->results(1).already_recorded());
  EXPECT_EQ(response->results(1).purchase_id(), response->results(0).purchase_id());
  EXPECT_EQ(ReasonOf(response->results(2).status()), "PURCHASE_CONFLICT");
}

TEST_F(PurchaseHandlers, GetsAPurchaseOfItsCustomerOnly) {
  ASSERT_TRUE(Record({MakePurchaseProto("c-1", "1")}).ok());
  const auto purchase = Get("c-1", "1");
  ASSERT_TRUE(purchase.ok());
  EXPECT_EQ(purchase->state(), v1::PURCHASE_STATE_PLACED);
  EXPECT_EQ(purchase->gross().minor_units(), 1530);
  EXPECT_EQ(purchase->gross().currency_code(), "GBP");
  EXPECT_EQ(purchase->lines(0).gross_minor(), 1530);
  EXPECT_EQ(purchase->record_time().seconds(), absl::ToUnixSeconds(TestRecordTime()));
  EXPECT_EQ(GetErrorReason(Get("c-2", "1").status()), "PURCHASE_NOT_FOUND");
}

TEST_F(PurchaseHandlers, RefundsLinesUntilNothingIsLeft) {
  ASSERT_TRUE(Record({MakePurchaseProto("c-1", "1")}).ok());
  v1::RefundPurchaseRequest request = RefundOf("1", 2);
  request.set_etag("v1");
  const auto first = Refund(request);
  ASSERT_TRUE(first.ok()) << first.status();
  EXPECT_EQ(first->state(), v1::PURCHASE_STATE_PARTIALLY_REFUNDED);
  EXPECT_EQ(first->refunded().minor_units(), 510);
  ASSERT_EQ(first->refunds_size(), 1);
  EXPECT_EQ(first->refunds(0).refund_number().size(), 36u);
  EXPECT_EQ(first->refunds(0).lines(0).amount_minor(), 510);
  EXPECT_TRUE(MessageDifferencer::Equals(*Refund(request), *first));
  EXPECT_TRUE(replayed_);

  const auto second = Refund(RefundOf("1", 4));
  EXPECT_TRUE(MessageDifferencer::Equals(*Get("c-1", "1"), *second));
  EXPECT_EQ(second->state(), v1::PURCHASE_STATE_REFUNDED);
  EXPECT_EQ(second->refunded().minor_units(), 1530);
  EXPECT_EQ(GetErrorReason(Refund(RefundOf("1", 1)).status()), "REFUND_EXCEEDS_REMAINING");
  EXPECT_EQ(EventTypesOf("c-1").back(), kPurchaseRefundedType);
}

TEST_F(PurchaseHandlers, RecognisesARefundByItsNumber) {
  ASSERT_TRUE(Record({MakePurchaseProto("c-1", "1")}).ok());
  v1::RefundPurchaseRequest request = RefundOf("1", 2);
  request.set_refund_number("r-1");
  ASSERT_TRUE(Refund(request).ok());
  request.set_request_id(MakeRequestId(99));
  EXPECT_EQ(Refund(request)->refunds_size(), 1);
  EXPECT_FALSE(replayed_);
  request.mutable_lines(0)->set_quantity(1);
  request.set_request_id(MakeRequestId(100));
  EXPECT_EQ(GetErrorReason(Refund(request).status()), "REFUND_CONFLICT");
  // Once everything is back, both answers are still the same.
  ASSERT_TRUE(Refund(RefundOf("1", 4)).ok());
  EXPECT_EQ(GetErrorReason(Refund(request).status()), "REFUND_CONFLICT");
  request.mutable_lines(0)->set_quantity(2);
  request.set_request_id(MakeRequestId(101));
  request.set_etag("v1");
  EXPECT_EQ(Refund(request)->state(), v1::PURCHASE_STATE_REFUNDED);
}

TEST_F(PurchaseHandlers, RefundsADeletedCustomersPurchase) {
  ASSERT_TRUE(Record({MakePurchaseProto("c-1", "1")}).ok());
  v1::DeleteCustomerRequest request;
  request.set_customer_id("c-1");
  rpc::CallContext call = fixture_.Call();
  ASSERT_TRUE(CustomerWrites(fixture_.api()).Delete(call, request).ok());
  EXPECT_TRUE(Refund(RefundOf("1", 1)).ok());
  EXPECT_EQ(ReasonOf(Record({MakePurchaseProto("c-1", "2")})->results(0).status()),
            "CUSTOMER_DELETED");
}

TEST_F(PurchaseHandlers, CancelsOnceAndRefundsNothingAfterwards) {
  ASSERT_TRUE(Record({MakePurchaseProto("c-1", "1")}).ok());
  EXPECT_EQ(GetErrorReason(Cancel("1", "v7").status()), "ETAG_MISMATCH");
  const auto cancelled = Cancel("1", "v1");
  ASSERT_TRUE(cancelled.ok()) << cancelled.status();
  EXPECT_TRUE(MessageDifferencer::Equals(*Get("c-1", "1"), *cancelled));
  EXPECT_EQ(cancelled->state(), v1::PURCHASE_STATE_CANCELLED);
  EXPECT_EQ(cancelled->cancel_time().seconds(), absl::ToUnixSeconds(TestBusinessTime()));
  EXPECT_EQ(GetErrorReason(Cancel("1").status()), "PURCHASE_STATE");
  EXPECT_EQ(GetErrorReason(Refund(RefundOf("1", 1)).status()), "PURCHASE_STATE");
  EXPECT_EQ(GetErrorReason(Cancel("2").status()), "PURCHASE_NOT_FOUND");
  EXPECT_EQ(EventTypesOf("c-1").back(), kPurchaseCancelledType);
}

TEST_F(PurchaseHandlers, ListsACustomersPurchasesNewestFirstByPage) {
  std::vector<v1::Purchase> purchases;
  for (int i = 1; i <= 3; ++i) {
    purchases.push_back(MakePurchaseProto("c-1", absl::StrCat(i)));
    *purchases.back().mutable_occur_time() = ToTimestamp(TestBusinessTime() - absl::Hours(i));
    purchases.back().set_channel(i == 2 ? "web" : "store");
  }
  ASSERT_TRUE(Record(purchases).ok());
  v1::ListPurchasesRequest request;
  request.set_customer_id("c-1");
  request.set_page_size(2);
  rpc::CallContext call = Call();
  const auto first = reads_.List(call, request);
  ASSERT_TRUE(first.ok()) << first.status();
  ASSERT_EQ(first->purchases_size(), 2);
  EXPECT_EQ(first->purchases(0).order_number(), "1");
  EXPECT_EQ(first->purchases(0).lines_size(), 0);
  request.set_page_token(first->next_page_token());
  EXPECT_EQ(reads_.List(call, request)->purchases(0).order_number(), "3");
  request.clear_page_token();
  request.set_filter("channel = web AND state = PLACED");
  EXPECT_EQ(reads_.List(call, request)->purchases(0).order_number(), "2");
  request.set_filter("state = CANCELLED");
  EXPECT_EQ(reads_.List(call, request)->purchases_size(), 0);
  request.set_customer_id("c-9");
  EXPECT_EQ(GetErrorReason(reads_.List(call, request).status()), "CUSTOMER_NOT_FOUND");
}

// Which system numbered a customer is often what the person at the counter does not know.
TEST_F(PurchaseHandlers, FindsAnExternalIdInEverySystemThatPurchasesCameFrom) {
  const CustomerWrites customers(fixture_.api());
  for (const char* system : {"till", "web", "till-2"}) {
    v1::CreateCustomerRequest request = MakeCreateRequest(absl::StrCat("of-", system));
    v1::Identifier& id = *request.mutable_customer()->add_identifiers();
    id.set_type(v1::IDENTIFIER_TYPE_EXTERNAL);
    id.set_system(system);
    id.set_value("17850");
    rpc::CallContext call = fixture_.Call();
    ASSERT_TRUE(customers.Create(call, request).ok());
  }
  std::vector<v1::Purchase> purchases;  // nothing was bought at the web shop
  for (const char* system : {"till", "till-2"}) {
    purchases.push_back(MakePurchaseProto("c-1", system));
    purchases.back().set_source_system(system);
  }
  ASSERT_TRUE(Record(purchases).ok());

  v1::LookupCustomersRequest lookup;
  lookup.add_identifiers()->set_type(v1::IDENTIFIER_TYPE_EXTERNAL);
  lookup.mutable_identifiers(0)->set_value("17850");
  rpc::CallContext call = fixture_.Call();
  const auto found = CustomerReads(fixture_.api()).Lookup(call, lookup);
  ASSERT_TRUE(found.ok()) << found.status();
  std::vector<std::string> ids;
  for (const v1::Customer& customer : found->matches(0).customers()) {
    ids.push_back(customer.customer_id());
  }
  EXPECT_THAT(ids, ElementsAre("of-till", "of-till-2"));
}

}  // namespace
}  // namespace clientele::profile
