#include "common/rpc/subjects.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "clientele/profile/v1/customer_service.pb.h"
#include "clientele/profile/v1/purchase_service.pb.h"

namespace clientele::rpc {
namespace {

namespace pb = clientele::profile::v1;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

TEST(SubjectsTest, AreTheIdsThatARequestNames) {
  pb::RefundPurchaseRequest request;
  request.set_request_id("0190a2b4-0000-7000-8000-000000000001");
  request.set_customer_id("c-10");
  request.set_purchase_id("p-10");
  EXPECT_THAT(SubjectsOf(&request, nullptr), ElementsAre("customer/c-10", "purchase/p-10"));
}

TEST(SubjectsTest, AreThoseOfAListInItsOrderAndEachOnce) {
  pb::BatchGetCustomersRequest request;
  for (const char* id : {"c-20", "c-10", "c-20"}) {
    request.add_customer_ids(id);
  }
  EXPECT_THAT(SubjectsOf(&request, nullptr), ElementsAre("customer/c-20", "customer/c-10"));
}

TEST(SubjectsTest, AreEachOnceAlsoWhenTheyAreMany) {
  pb::BatchGetCustomersRequest request;
  for (int i = 0; i < 60; ++i) {
    request.add_customer_ids(absl::StrCat("c-", i % 20));
  }
  EXPECT_THAT(SubjectsOf(&request, nullptr), SizeIs(20));
}

TEST(SubjectsTest, AreFoundInWhatARequestCarries) {
  pb::UpdateCustomerRequest request;
  request.mutable_customer()->set_customer_id("c-10");
  request.mutable_customer()->add_identifiers()->set_value("jane@example.org");
  EXPECT_THAT(SubjectsOf(&request, nullptr), ElementsAre("customer/c-10"));
}

TEST(SubjectsTest, AreThoseThatWereAnsweredWhenNobodyWasNamed) {
  pb::ListCustomersRequest request;
  request.set_filter("state = \"ACTIVE\"");
  pb::ListCustomersResponse response;
  response.add_customers()->set_customer_id("c-10");
  response.add_customers()->set_customer_id("c-20");
  EXPECT_THAT(SubjectsOf(&request, &response), ElementsAre("customer/c-10", "customer/c-20"));
}

TEST(SubjectsTest, AreAtMostSoMany) {
  pb::BatchGetCustomersRequest request;
  for (size_t i = 0; i < kSubjectsMax + 5; ++i) {
    request.add_customer_ids(absl::StrCat("c-", 1000 + i));
  }
  EXPECT_THAT(SubjectsOf(&request, nullptr), SizeIs(kSubjectsMax));
}

// What is no id was refused, and may be anything.
TEST(SubjectsTest, LeaveOutWhatCouldNotBeAnId) {
  pb::GetCustomerRequest request;
  request.set_customer_id("Jane Doe");
  EXPECT_THAT(SubjectsOf(&request, nullptr), IsEmpty());
  EXPECT_THAT(SubjectsOf(nullptr, nullptr), IsEmpty());
}

}  // namespace
}  // namespace clientele::rpc
