// What callers see of sensitive attributes, by what they may read.

#include <memory>
#include <string>
#include <vector>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/profile/api/handlers/customer_reads.h"
#include "services/profile/api/handlers/customer_writes.h"
#include "services/profile/testing/api_fixture.h"

namespace clientele::profile {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr char kBirthDate[] = "1984-12-09";

class Masking : public ::testing::Test {
 protected:
  Masking() {
    EXPECT_THAT(writes_.Create(clerk_, CreateRequest())->masked_fields(),
                ElementsAre("attributes.birth_date"));
  }

  // A call of somebody who may do all but read what is sensitive, or that too.
  rpc::CallContext CallOf(std::vector<std::string> permissions) {
    rpc::CallContext call = fixture_.Call();
    call.caller = std::make_shared<const rpc::Caller>("staff", std::move(permissions));
    return call;
  }

  static v1::CreateCustomerRequest CreateRequest() {
    v1::CreateCustomerRequest request = MakeCreateRequest("c-1");
    request.set_request_id(MakeRequestId(1));
    request.mutable_customer()->mutable_attributes()->set_birth_date(kBirthDate);
    v1::Identifier& email = *request.mutable_customer()->add_identifiers();
    email.set_type(v1::IDENTIFIER_TYPE_EMAIL);
    email.set_value("zoe@x.org");
    return request;
  }

  v1::Customer Get(rpc::CallContext& call) {
    v1::GetCustomerRequest request;
    request.set_customer_id("c-1");
    return GetCustomer(fixture_.api(), call, request).value();
  }

  static void ExpectMasked(const v1::Customer& customer) {
    EXPECT_EQ(customer.attributes().given_name(), "Zoë");
    EXPECT_THAT(customer.attributes().birth_date(), IsEmpty());
    EXPECT_THAT(customer.masked_fields(), ElementsAre("attributes.birth_date"));
  }

  static void ExpectShown(const v1::Customer& customer) {
    EXPECT_EQ(customer.attributes().birth_date(), kBirthDate);
    EXPECT_THAT(customer.masked_fields(), IsEmpty());
  }

  ApiFixture fixture_;
  const CustomerReads reads_{fixture_.api()};
  const CustomerWrites writes_{fixture_.api()};
  rpc::CallContext clerk_ = CallOf({"profile.customers.read", "profile.customers.write"});
  rpc::CallContext officer_ = CallOf({"profile.customers.read", "profile.sensitive.read"});
};

TEST_F(Masking, ShowsEachCallerOfTheCacheWhatThatOneMayRead) {
  ExpectMasked(Get(clerk_));
  ExpectShown(Get(officer_));
  ExpectMasked(Get(clerk_));
  v1::GetCustomerRequest request;
  request.set_customer_id("c-1");
  const auto at_hand = reads_.TryGet(clerk_, request);
  ASSERT_TRUE(at_hand.has_value() && at_hand->ok());
  v1::Customer customer;
  ASSERT_TRUE(customer.ParseFromString((*at_hand)->bytes));
  ExpectMasked(customer);
}

TEST_F(Masking, HidesValuesInBatchesListsAndLookUps) {
  v1::BatchGetCustomersRequest batch;
  batch.add_customer_ids("c-1");
  ExpectMasked(reads_.BatchGet(clerk_, batch)->customers(0));
  ExpectShown(reads_.BatchGet(officer_, batch)->customers(0));
  ExpectMasked(reads_.List(clerk_, {})->customers(0));
  ExpectShown(reads_.List(officer_, {})->customers(0));
  v1::LookupCustomersRequest lookup;
  *lookup.add_identifiers() = CreateRequest().customer().identifiers(0);
  ExpectMasked(reads_.Lookup(clerk_, lookup)->matches(0).customers(0));
  ExpectShown(reads_.Lookup(officer_, lookup)->matches(0).customers(0));
}

TEST_F(Masking, HidesFactsAndSaysSo) {
  v1::ListFactsRequest request;
  request.set_customer_id("c-1");
  const v1::ListFactsResponse masked = reads_.ListFacts(clerk_, request).value();
  ASSERT_EQ(masked.facts_size(), 2);
  for (const v1::Fact& fact : masked.facts()) {
    EXPECT_EQ(fact.masked(), fact.attribute() == "attributes.birth_date");
    EXPECT_EQ(fact.value().empty(), fact.masked());
  }
  const v1::ListFactsResponse shown = reads_.ListFacts(officer_, request).value();
  ASSERT_EQ(shown.facts_size(), 2);
  for (const v1::Fact& fact : shown.facts()) {
    EXPECT_FALSE(fact.masked());
    EXPECT_FALSE(fact.value().empty());
  }
}

TEST_F(Masking, HidesValuesInAnswersOfWritesAlsoWhenTheyAreReplayed) {
  ExpectMasked(writes_.Create(clerk_, CreateRequest()).value());
  EXPECT_TRUE(clerk_.replayed);
  v1::UpdateCustomerRequest update;
  update.mutable_customer()->set_customer_id("c-1");
  update.mutable_customer()->mutable_attributes()->set_family_name("Ångström");
  update.mutable_update_mask()->add_paths("attributes.family_name");
  update.mutable_origin()->set_channel(v1::COLLECTION_CHANNEL_SURVEY);
  ExpectMasked(writes_.Update(clerk_, update).value());
  ExpectShown(Get(officer_));
}

TEST_F(Masking, WhatIsSentBackAsItWasShownKeepsWhatWasNot) {
  v1::UpdateCustomerRequest request;
  *request.mutable_customer() = Get(clerk_);
  request.mutable_customer()->mutable_attributes()->set_given_name("Ann");
  request.mutable_origin()->set_channel(v1::COLLECTION_CHANNEL_SURVEY);
  request.mutable_update_mask()->add_paths("attributes");
  ASSERT_EQ(writes_.Update(clerk_, request).status(), absl::OkStatus());
  EXPECT_EQ(Get(officer_).attributes().given_name(), "Ann");
  EXPECT_EQ(Get(officer_).attributes().birth_date(), kBirthDate);
}

}  // namespace
}  // namespace clientele::profile
