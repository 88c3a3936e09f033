// Profile over gRPC: codes, details, trailers, precedence.

#include <grpcpp/client_context.h>

#include <algorithm>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "clientele/profile/v1/customer_service.grpc.pb.h"
#include "clientele/profile/v1/purchase_service.grpc.pb.h"
#include "common/rpc/client.h"
#include "common/status/error.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/profile/domain/purchase.h"
#include "services/profile/testing/api_fixture.h"
#include "services/profile/testing/profile_server.h"

namespace clientele::profile {
namespace {

using ::testing::ElementsAre;
using ::testing::IsSupersetOf;

class ProfileService : public ::testing::Test {
 protected:
  // Calls a unary method of a stub; `trailer` gets clientele-replayed.
  template <typename Response, typename Stub, typename Method, typename Request>
  absl::StatusOr<Response> Call(Stub& stub, Method method, const Request& request,
                                std::string* trailer = nullptr) {
    grpc::ClientContext context;
    rpc::SetCallOptions(rpc::NewCall(absl::Seconds(30)), context);
    Response response;
    const grpc::Status status = (stub.*method)(&context, request, &response);
    if (trailer != nullptr) {
      const auto& trailers = context.GetServerTrailingMetadata();
      const auto found = trailers.find("clientele-replayed");
      *trailer =
          found == trailers.end() ? "" : std::string(found->second.data(), found->second.size());
    }
    if (!status.ok()) return rpc::FromGrpcStatus(status);
    return response;
  }

  absl::StatusOr<v1::Customer> Create(const v1::CreateCustomerRequest& request,
                                      std::string* trailer = nullptr) {
    return Call<v1::Customer>(*customers_, &v1::CustomerService::Stub::CreateCustomer, request,
                              trailer);
  }
  absl::StatusOr<v1::RecordPurchasesResponse> Record(const std::string& customer_id,
                                                     const std::string& number, int request) {
    v1::RecordPurchasesRequest record;
    record.set_request_id(MakeRequestId(request));
    *record.add_purchases() = MakePurchaseProto(customer_id, number);
    return Call<v1::RecordPurchasesResponse>(*purchases_,
                                             &v1::PurchaseService::Stub::RecordPurchases, record);
  }
  // Records a purchase; answers a request that refunds 30 minor units of it.
  v1::RefundPurchaseRequest RecordToRefund() {
    EXPECT_TRUE(Create(MakeCreateRequest("c-1")).ok());
    const auto recorded = Record("c-1", "1", 1);
    EXPECT_TRUE(recorded.ok()) << recorded.status();
    v1::RefundPurchaseRequest refund;
    refund.set_request_id(MakeRequestId(2));
    refund.set_customer_id("c-1");
    if (recorded.ok()) refund.set_purchase_id(recorded->results(0).purchase_id());
    refund.set_amount_minor(30);
    return refund;
  }

  ProfileServer server_;
  const std::unique_ptr<v1::CustomerService::Stub> customers_ =
      v1::CustomerService::NewStub(server_.Connect());
  const std::unique_ptr<v1::PurchaseService::Stub> purchases_ =
      v1::PurchaseService::NewStub(server_.Connect());
};

TEST_F(ProfileService, SendsANamedErrorWithItsDetails) {
  v1::GetCustomerRequest request;
  request.set_customer_id("c-404");
  const absl::Status status =
      Call<v1::Customer>(*customers_, &v1::CustomerService::Stub::GetCustomer, request).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kNotFound);
  const auto details = GetErrorDetails(status);
  ASSERT_TRUE(details.has_value());
  EXPECT_EQ(details->reason, "CUSTOMER_NOT_FOUND");
  EXPECT_EQ(details->metadata.at("customer_id"), "c-404");
  EXPECT_EQ(details->resource->type, "customer");
}

// Each RPC with everything wrong that can be wrong at once.
TEST_F(ProfileService, EveryMalformedRequestListsEveryViolation) {
  using Customers = v1::CustomerService::Stub;
  using Purchases = v1::PurchaseService::Stub;
  const auto expect_invalid = [](const absl::Status& status, std::vector<std::string> fields) {
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << status;
    EXPECT_EQ(GetErrorReason(status), "INVALID_ARGUMENT");
    EXPECT_THAT(ViolatedFields(status), IsSupersetOf(fields));
  };
  v1::CreateCustomerRequest create;
  create.set_request_id("x");
  expect_invalid(Create(create).status(), {"request_id", "customer", "origin"});
  expect_invalid(
      Call<v1::Customer>(*customers_, &Customers::GetCustomer, v1::GetCustomerRequest()).status(),
      {"customer_id"});
  expect_invalid(Call<v1::BatchGetCustomersResponse>(*customers_, &Customers::BatchGetCustomers,
                                                     v1::BatchGetCustomersRequest())
                     .status(),
                 {"customer_ids"});
  expect_invalid(
      Call<v1::Customer>(*customers_, &Customers::UpdateCustomer, v1::UpdateCustomerRequest())
          .status(),
      {"customer.customer_id", "update_mask", "origin"});
  v1::ListCustomersRequest list;
  list.set_page_size(-1);
  list.set_page_token("x");
  list.set_filter("x = ");
  expect_invalid(
      Call<v1::ListCustomersResponse>(*customers_, &Customers::ListCustomers, list).status(),
      {"page_size", "page_token", "filter"});
  expect_invalid(Call<v1::LookupCustomersResponse>(*customers_, &Customers::LookupCustomers,
                                                   v1::LookupCustomersRequest())
                     .status(),
                 {"identifiers"});
  expect_invalid(
      Call<v1::Customer>(*customers_, &Customers::DeleteCustomer, v1::DeleteCustomerRequest())
          .status(),
      {"customer_id"});
  expect_invalid(
      Call<v1::Customer>(*customers_, &Customers::UndeleteCustomer, v1::UndeleteCustomerRequest())
          .status(),
      {"customer_id"});
  v1::ListFactsRequest facts;
  facts.set_page_size(-1);
  expect_invalid(Call<v1::ListFactsResponse>(*customers_, &Customers::ListFacts, facts).status(),
                 {"customer_id", "page_size"});
  expect_invalid(Call<v1::RecordPurchasesResponse>(*purchases_, &Purchases::RecordPurchases,
                                                   v1::RecordPurchasesRequest())
                     .status(),
                 {"request_id", "purchases"});
  expect_invalid(
      Call<v1::Purchase>(*purchases_, &Purchases::GetPurchase, v1::GetPurchaseRequest()).status(),
      {"customer_id", "purchase_id"});
  v1::ListPurchasesRequest list_purchases;
  list_purchases.set_page_size(-1);
  expect_invalid(
      Call<v1::ListPurchasesResponse>(*purchases_, &Purchases::ListPurchases, list_purchases)
          .status(),
      {"customer_id", "page_size"});
  expect_invalid(
      Call<v1::Purchase>(*purchases_, &Purchases::RefundPurchase, v1::RefundPurchaseRequest())
          .status(),
      {"request_id", "customer_id", "purchase_id", "amount_minor"});
  expect_invalid(
      Call<v1::Purchase>(*purchases_, &Purchases::CancelPurchase, v1::CancelPurchaseRequest())
          .status(),
      {"request_id", "customer_id", "purchase_id"});
}

TEST_F(ProfileService, SaysInATrailerThatAnAnswerIsAnOldOne) {
  v1::CreateCustomerRequest request = MakeCreateRequest("c-1");
  request.set_request_id(MakeRequestId(1));
  std::string trailer;
  const auto first = Create(request, &trailer);
  ASSERT_TRUE(first.ok()) << first.status();
  EXPECT_EQ(trailer, "");
  const auto again = Create(request, &trailer);
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(trailer, "true");
  EXPECT_EQ(again->SerializeAsString(), first->SerializeAsString());
}

TEST_F(ProfileService, AnswersArgumentsBeforeReplayBeforeExistence) {
  v1::CreateCustomerRequest request = MakeCreateRequest("c-1");
  request.set_request_id(MakeRequestId(1));
  ASSERT_TRUE(Create(request).ok());
  request.mutable_customer()->mutable_attributes()->set_region_code("Narnia");
  EXPECT_EQ(GetErrorReason(Create(request).status()), "INVALID_ARGUMENT");
  request.mutable_customer()->mutable_attributes()->set_region_code("CN");
  EXPECT_EQ(GetErrorReason(Create(request).status()), "REQUEST_ID_REUSED");
  request.set_request_id(MakeRequestId(2));
  EXPECT_EQ(GetErrorReason(Create(request).status()), "CUSTOMER_ALREADY_EXISTS");
}

TEST_F(ProfileService, GivesConcurrentRequestsOfOneIdOneEffectAndOneAnswer) {
  constexpr int kThreads = 8;
  v1::CreateCustomerRequest request = MakeCreateRequest("");
  request.set_request_id(MakeRequestId(7));
  std::vector<std::string> ids(kThreads);
  std::vector<std::string> trailers(kThreads);
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&, i] {
      const auto customer = Create(request, &trailers[i]);
      if (customer.ok()) ids[i] = customer->customer_id();
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(ids, std::vector<std::string>(kThreads, ids[0]));
  EXPECT_NE(ids[0], "");
  EXPECT_EQ(std::count(trailers.begin(), trailers.end(), ""), 1);
  const auto list = Call<v1::ListCustomersResponse>(
      *customers_, &v1::CustomerService::Stub::ListCustomers, v1::ListCustomersRequest());
  EXPECT_EQ(list->customers_size(), 1);
}

TEST_F(ProfileService, RecordsOneOrderOnceWhoeverSendsIt) {
  ASSERT_TRUE(Create(MakeCreateRequest("c-1")).ok());
  constexpr int kThreads = 8;
  std::vector<int> already_recorded(kThreads, -1);
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&, i] {
      const auto response = Record("c-1", "1", 100 + i);
      if (response.ok()) already_recorded[i] = response->results(0).already_recorded() ? 1 : 0;
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(std::count(already_recorded.begin(), already_recorded.end(), 0), 1);
  EXPECT_EQ(std::count(already_recorded.begin(), already_recorded.end(), 1), kThreads - 1);
}

TEST_F(ProfileService, RefundsAndCancelsByTheRulesOfState) {
  const v1::RefundPurchaseRequest refund = RecordToRefund();
  using Purchases = v1::PurchaseService::Stub;
  const auto refunded = Call<v1::Purchase>(*purchases_, &Purchases::RefundPurchase, refund);
  ASSERT_TRUE(refunded.ok()) << refunded.status();
  EXPECT_EQ(refunded->refunded().minor_units(), 30);
  v1::CancelPurchaseRequest cancel;
  cancel.set_request_id(MakeRequestId(3));
  cancel.set_customer_id("c-1");
  cancel.set_purchase_id(refund.purchase_id());
  const absl::Status refusal =
      Call<v1::Purchase>(*purchases_, &Purchases::CancelPurchase, cancel).status();
  EXPECT_EQ(refusal.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(GetErrorDetails(refusal)->metadata.at("state"), "PARTIALLY_REFUNDED");
  EXPECT_FALSE(GetErrorDetails(refusal)->precondition_violations.empty());
}

TEST_F(ProfileService, ARefundThatIsMeantAndOnlyValidatedAtOnceIsMadeOnce) {
  const v1::RefundPurchaseRequest refund = RecordToRefund();
  constexpr int kThreads = 16;
  std::vector<int64_t> refunded_minor(kThreads);
  std::vector<std::string> meant_trailers(kThreads / 2);
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&, i] {
      v1::RefundPurchaseRequest request = refund;
      request.set_validate_only(i % 2 == 0);
      std::string trailer;
      const auto purchase = Call<v1::Purchase>(
          *purchases_, &v1::PurchaseService::Stub::RefundPurchase, request, &trailer);
      if (purchase.ok()) refunded_minor[i] = purchase->refunded().minor_units();
      if (!request.validate_only()) meant_trailers[i / 2] = trailer;
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(refunded_minor, std::vector<int64_t>(kThreads, 30));
  EXPECT_EQ(std::count(meant_trailers.begin(), meant_trailers.end(), ""), 1);
}

// One import stream.
class ImportStream {
 public:
  explicit ImportStream(v1::PurchaseService::Stub& stub)
      : stream_(stub.ImportPurchases(&context_)) {}

  void SendConfig() {
    v1::ImportPurchasesRequest request;
    request.mutable_config()->set_source_system("shop");
    request.mutable_config()->set_create_missing_customers(true);
    EXPECT_TRUE(stream_->Write(request));
  }
  void SendBatch(int64_t sequence_number, const std::string& order_number) {
    v1::ImportPurchasesRequest request;
    request.mutable_batch()->set_sequence_number(sequence_number);
    *request.mutable_batch()->add_items()->mutable_order()->mutable_purchase() =
        MakePurchaseProto("c-1", order_number);
    stream_->Write(request);
  }
  // The sequence number of the next checkpoint, 0 at the end.
  int64_t NextCheckpoint() {
    v1::ImportPurchasesResponse checkpoint;
    return stream_->Read(&checkpoint) ? checkpoint.sequence_number() : 0;
  }
  absl::Status Finish() {
    stream_->WritesDone();
    while (NextCheckpoint() != 0) {
    }
    return rpc::FromGrpcStatus(stream_->Finish());
  }

 private:
  grpc::ClientContext context_;
  std::unique_ptr<grpc::ClientReaderWriter<v1::ImportPurchasesRequest, v1::ImportPurchasesResponse>>
      stream_;
};

TEST_F(ProfileService, AcknowledgesBatchesInTheirOrder) {
  ImportStream stream(*purchases_);
  stream.SendConfig();
  // A channel within the process buffers nothing, so somebody must read while somebody writes.
  std::thread writer([&stream] {
    for (int i = 1; i <= 5; ++i) stream.SendBatch(i, absl::StrCat(i));
  });
  for (int i = 1; i <= 5; ++i) EXPECT_EQ(stream.NextCheckpoint(), i);
  writer.join();
  EXPECT_TRUE(stream.Finish().ok());
}

TEST_F(ProfileService, KeepsWhatWasAcknowledgedWhenALaterBatchIsRefused) {
  {
    ImportStream stream(*purchases_);
    stream.SendConfig();
    stream.SendBatch(1, "1");
    EXPECT_EQ(stream.NextCheckpoint(), 1);
    stream.SendBatch(3, "3");
    const absl::Status status = stream.Finish();
    EXPECT_EQ(GetErrorReason(status), "INVALID_ARGUMENT");
    EXPECT_THAT(ViolatedFields(status), ElementsAre("batch.sequence_number"));
  }
  v1::GetPurchaseRequest request;
  request.set_customer_id("c-1");
  request.set_purchase_id(PurchaseIdOf("shop", "1").value());
  using Purchases = v1::PurchaseService::Stub;
  EXPECT_TRUE(Call<v1::Purchase>(*purchases_, &Purchases::GetPurchase, request).ok());
  request.set_purchase_id(PurchaseIdOf("shop", "3").value());
  EXPECT_EQ(
      GetErrorReason(Call<v1::Purchase>(*purchases_, &Purchases::GetPurchase, request).status()),
      "PURCHASE_NOT_FOUND");
}

TEST_F(ProfileService, EndsAnImportThatDoesNotBeginWithItsConfig) {
  ImportStream stream(*purchases_);
  stream.SendBatch(1, "1");
  const absl::Status status = stream.Finish();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(ViolatedFields(status), ElementsAre("config"));
}

}  // namespace
}  // namespace clientele::profile
