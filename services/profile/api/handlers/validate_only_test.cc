// What a write with validate_only answers, and that it does nothing else.

#include <map>
#include <string>
#include <vector>

#include "common/sql/testing/dump_tables.h"
#include "common/status/error.h"
#include "gtest/gtest.h"
#include "services/profile/api/handlers/customer_writes.h"
#include "services/profile/api/handlers/purchase_writes.h"
#include "services/profile/domain/purchase.h"
#include "services/profile/testing/api_fixture.h"

namespace clientele::profile {
namespace {

// A request about the customer, or the purchase, that every test begins with.
template <typename Request>
Request MakeRequest() {
  Request request;
  request.set_customer_id("c-1");
  if constexpr (requires { request.set_purchase_id(""); }) {
    request.set_purchase_id(PurchaseIdOf("shop", "1").value());
  }
  return request;
}

v1::RefundPurchaseRequest MakeRefund(int64_t amount_minor) {
  auto request = MakeRequest<v1::RefundPurchaseRequest>();
  request.set_amount_minor(amount_minor);
  return request;
}

class ValidateOnlyTest : public ::testing::Test {
 protected:
  void SetUp() override {
    rpc::CallContext call = fixture_.Call();
    ASSERT_TRUE(customers_.Create(call, MakeCreateRequest("c-1")).ok());
    v1::RecordPurchasesRequest record;
    record.set_request_id(MakeRequestId(1'000));
    *record.add_purchases() = MakePurchaseProto("c-1", "1");
    ASSERT_TRUE(purchases_.Record(call, record).ok());
  }

  template <typename Handler, typename Request, typename Response>
  using Method = absl::StatusOr<Response> (Handler::*)(rpc::CallContext&, const Request&) const;

  // Makes a request that is only validated; fails when it leaves a trace.
  template <typename Handler, typename Request, typename Response>
  absl::StatusOr<Response> Validate(const Handler& handler,
                                    Method<Handler, Request, Response> method, Request request) {
    const auto tables = sql::DumpTables(fixture_.database());
    const int poke_count = fixture_.poke_count();
    request.set_validate_only(true);
    call_ = fixture_.Call();
    absl::StatusOr<Response> answer = (handler.*method)(call_, request);
    EXPECT_EQ(sql::DumpTables(fixture_.database()), tables) << request.GetTypeName();
    EXPECT_EQ(fixture_.poke_count(), poke_count);
    return answer;
  }

  // Validates a request, makes it, and validates it once more, all with one request_id.
  template <typename Handler, typename Request, typename Response>
  void ValidateAndDo(const Handler& handler, Method<Handler, Request, Response> method,
                     Request request) {
    SCOPED_TRACE(request.GetTypeName());
    request.set_request_id(MakeRequestId(++request_count_));
    const auto would_be = Validate(handler, method, request);
    ASSERT_EQ(would_be.status(), absl::OkStatus());
    EXPECT_FALSE(call_.replayed);
    EXPECT_EQ(would_be->etag(), "");

    call_ = fixture_.Call();
    const auto meant = (handler.*method)(call_, request);
    ASSERT_EQ(meant.status(), absl::OkStatus());
    EXPECT_FALSE(call_.replayed);
    Response named = *would_be;
    named.set_etag(meant->etag());
    EXPECT_EQ(named.SerializeAsString(), meant->SerializeAsString());

    EXPECT_EQ(Validate(handler, method, request)->SerializeAsString(), meant->SerializeAsString());
    EXPECT_TRUE(call_.replayed);
  }

  std::string RefusalOfRefund(const v1::RefundPurchaseRequest& request) {
    return GetErrorReason(Validate(purchases_, &PurchaseWrites::Refund, request).status());
  }

  ApiFixture fixture_;
  const CustomerWrites customers_{fixture_.api()};
  const PurchaseWrites purchases_{fixture_.api()};
  rpc::CallContext call_;
  int request_count_ = 0;
};

TEST_F(ValidateOnlyTest, DeleteAndUndeleteAnswerWhatTheyWouldDo) {
  ValidateAndDo(customers_, &CustomerWrites::Delete, MakeRequest<v1::DeleteCustomerRequest>());
  ValidateAndDo(customers_, &CustomerWrites::Undelete, MakeRequest<v1::UndeleteCustomerRequest>());
}

TEST_F(ValidateOnlyTest, ARefundAnswersWhatItWouldGiveBack) {
  v1::RefundPurchaseRequest lines = MakeRequest<v1::RefundPurchaseRequest>();
  lines.add_lines()->set_line_number(1);
  lines.mutable_lines(0)->set_quantity(2);
  ValidateAndDo(purchases_, &PurchaseWrites::Refund, lines);
  v1::RefundPurchaseRequest before = MakeRefund(5);  // happened before the first one
  before.mutable_occur_time()->set_seconds(absl::ToUnixSeconds(TestBusinessTime()) - 60);
  ValidateAndDo(purchases_, &PurchaseWrites::Refund, before);
}

TEST_F(ValidateOnlyTest, ACancellationAnswersWhatItWouldCancel) {
  ValidateAndDo(purchases_, &PurchaseWrites::Cancel, MakeRequest<v1::CancelPurchaseRequest>());
}

TEST_F(ValidateOnlyTest, ARefundThatIsRecordedAnswersThePurchaseAsItIs) {
  v1::RefundPurchaseRequest request = MakeRefund(5);
  request.set_refund_number("r-1");
  request.set_request_id(MakeRequestId(1));
  call_ = fixture_.Call();
  ASSERT_TRUE(purchases_.Refund(call_, request).ok());
  request.set_request_id(MakeRequestId(2));
  EXPECT_EQ(Validate(purchases_, &PurchaseWrites::Refund, request)->refunds_size(), 1);
  EXPECT_FALSE(call_.replayed);
}

TEST_F(ValidateOnlyTest, MakesTheSameChecksInTheSameOrder) {
  v1::RefundPurchaseRequest refund = MakeRefund(0);
  refund.set_etag("v9");
  EXPECT_EQ(RefusalOfRefund(refund), "INVALID_ARGUMENT");
  refund.set_amount_minor(1'000'000);
  EXPECT_EQ(RefusalOfRefund(refund), "ETAG_MISMATCH");
  refund.clear_etag();
  EXPECT_EQ(RefusalOfRefund(refund), "REFUND_EXCEEDS_REMAINING");
  refund.set_customer_id("c-9");
  EXPECT_EQ(RefusalOfRefund(refund), "PURCHASE_NOT_FOUND");

  auto undelete = MakeRequest<v1::UndeleteCustomerRequest>();
  EXPECT_EQ(GetErrorReason(Validate(customers_, &CustomerWrites::Undelete, undelete).status()),
            "CUSTOMER_NOT_DELETED");
  auto remove = MakeRequest<v1::DeleteCustomerRequest>();
  remove.set_request_id(MakeRequestId(1));
  call_ = fixture_.Call();
  ASSERT_TRUE(customers_.Delete(call_, remove).ok());
  remove.set_etag("v9");
  EXPECT_EQ(GetErrorReason(Validate(customers_, &CustomerWrites::Delete, remove).status()),
            "REQUEST_ID_REUSED");
}

}  // namespace
}  // namespace clientele::profile
