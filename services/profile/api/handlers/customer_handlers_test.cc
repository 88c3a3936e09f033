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
#include "services/profile/testing/api_fixture.h"

namespace clientele::profile {
namespace {

using ::google::protobuf::util::MessageDifferencer;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

class CustomerHandlers : public ::testing::Test {
 protected:
  absl::StatusOr<v1::Customer> Create(const v1::CreateCustomerRequest& request) {
    rpc::CallContext call = fixture_.Call();
    auto customer = writes_.Create(call, request);
    replayed_ = call.replayed;
    return customer;
  }
  absl::StatusOr<v1::Customer> Create(const std::string& id) {
    return Create(MakeCreateRequest(id));
  }
  absl::StatusOr<v1::Customer> Update(const v1::UpdateCustomerRequest& request) {
    rpc::CallContext call = fixture_.Call();
    return writes_.Update(call, request);
  }
  absl::StatusOr<v1::Customer> Delete(const std::string& id, const std::string& etag = "") {
    v1::DeleteCustomerRequest request;
    request.set_customer_id(id);
    request.set_etag(etag);
    rpc::CallContext call = fixture_.Call();
    return writes_.Delete(call, request);
  }
  absl::StatusOr<v1::Customer> Undelete(const std::string& id) {
    v1::UndeleteCustomerRequest request;
    request.set_customer_id(id);
    rpc::CallContext call = fixture_.Call();
    return writes_.Undelete(call, request);
  }
  absl::StatusOr<v1::Customer> Get(const std::string& id) {
    v1::GetCustomerRequest request;
    request.set_customer_id(id);
    rpc::CallContext call = fixture_.Call();
    return GetCustomer(fixture_.api(), call, request);
  }
  v1::ListCustomersResponse List(const std::string& filter, int page_size = 0,
                                 const std::string& page_token = "") {
    v1::ListCustomersRequest request;
    request.set_filter(filter);
    request.set_page_size(page_size);
    request.set_page_token(page_token);
    rpc::CallContext call = fixture_.Call();
    const auto page = reads_.List(call, request);
    EXPECT_TRUE(page.ok()) << page.status();
    return page.value_or(v1::ListCustomersResponse());
  }
  v1::LookupCustomersResponse Lookup(const std::vector<v1::Identifier>& identifiers) {
    v1::LookupCustomersRequest request;
    for (const v1::Identifier& identifier : identifiers) *request.add_identifiers() = identifier;
    rpc::CallContext call = fixture_.Call();
    const auto found = reads_.Lookup(call, request);
    EXPECT_TRUE(found.ok()) << found.status();
    return found.value_or(v1::LookupCustomersResponse());
  }
  std::vector<std::string> EventTypes() {
    std::vector<std::string> types;
    for (const feed::OutboxEvent& event : fixture_.Outbox()) types.push_back(event.type);
    return types;
  }

  ApiFixture fixture_;
  const CustomerWrites writes_{fixture_.api()};
  const CustomerReads reads_{fixture_.api()};
  bool replayed_ = false;
};

v1::UpdateCustomerRequest Rename(const std::string& id, const std::string& given_name) {
  v1::UpdateCustomerRequest request;
  request.mutable_customer()->set_customer_id(id);
  request.mutable_customer()->mutable_attributes()->set_given_name(given_name);
  request.mutable_update_mask()->add_paths("attributes.given_name");
  request.mutable_origin()->set_channel(v1::COLLECTION_CHANNEL_SOCIAL);
  return request;
}

v1::Identifier MakeIdentifier(v1::IdentifierType type, const std::string& value) {
  v1::Identifier identifier;
  identifier.set_type(type);
  identifier.set_value(value);
  if (type == v1::IDENTIFIER_TYPE_EXTERNAL) identifier.set_system("erp");
  return identifier;
}

std::vector<std::string> IdsOf(const google::protobuf::RepeatedPtrField<v1::Customer>& customers) {
  std::vector<std::string> ids;
  for (const v1::Customer& customer : customers) ids.push_back(customer.customer_id());
  return ids;
}

TEST_F(CustomerHandlers, AnswersWhatALaterReadAnswers) {
  v1::CreateCustomerRequest request = MakeCreateRequest("c-1");
  *request.mutable_customer()->add_identifiers() =
      MakeIdentifier(v1::IDENTIFIER_TYPE_PHONE, "+44 20 7031 3000");
  *request.mutable_customer()->add_identifiers() =
      MakeIdentifier(v1::IDENTIFIER_TYPE_EXTERNAL, "17850");
  const auto created = Create(request);
  ASSERT_TRUE(created.ok()) << created.status();
  EXPECT_EQ(created->state(), v1::CUSTOMER_STATE_ACTIVE);
  EXPECT_EQ(created->commercial_status(), v1::COMMERCIAL_STATUS_POTENTIAL);
  EXPECT_EQ(created->identifiers(0).value(), "+442070313000");
  EXPECT_EQ(created->create_time().seconds(), absl::ToUnixSeconds(TestRecordTime()));
  EXPECT_TRUE(MessageDifferencer::Equals(*created, *Get("c-1")));
}

TEST_F(CustomerHandlers, MakesAnIdWhenTheCallerChoosesNone) {
  const auto first = Create("");
  const auto second = Create("");
  ASSERT_TRUE(first.ok() && second.ok());
  EXPECT_EQ(first->customer_id().size(), 36u);
  EXPECT_LT(first->customer_id(), second->customer_id());
}

TEST_F(CustomerHandlers, TellsTheFeedWithoutPersonalValues) {
  ASSERT_TRUE(Create("c-1").ok());
  const auto events = fixture_.Outbox();
  ASSERT_EQ(events.size(), 2u);
  EXPECT_EQ(events[0].type, kCustomerCreatedType);
  EXPECT_EQ(events[0].subject, "customer/c-1");
  EXPECT_EQ(events[0].data_type, "clientele.profile.v1.CustomerCreated");
  EXPECT_EQ(events[0].occur_time, TestBusinessTime());
  EXPECT_EQ(events[0].record_time, TestRecordTime());
  EXPECT_EQ(events[1].type, kFactChangedType);
  for (const feed::OutboxEvent& event : events) EXPECT_THAT(event.data, Not(HasSubstr("Zo")));
  EXPECT_EQ(fixture_.poke_count(), 1);
}

TEST_F(CustomerHandlers, GivesARepeatedRequestItsFirstAnswer) {
  v1::CreateCustomerRequest request = MakeCreateRequest("");
  request.set_request_id("ABCDEF00-0000-4000-8000-000000000001");
  const auto first = Create(request);
  ASSERT_TRUE(first.ok());
  EXPECT_FALSE(replayed_);
  ASSERT_TRUE(Update(Rename(first->customer_id(), "Ann")).ok());
  request.set_request_id("abcdef00-0000-4000-8000-000000000001");
  const auto again = Create(request);
  ASSERT_TRUE(again.ok());
  EXPECT_TRUE(replayed_);
  EXPECT_TRUE(MessageDifferencer::Equals(*first, *again));
  EXPECT_EQ(List("").customers_size(), 1);
}

TEST_F(CustomerHandlers, RefusesAReusedRequestIdBeforeLookingAtTheCustomer) {
  v1::CreateCustomerRequest request = MakeCreateRequest("c-1");
  request.set_request_id(MakeRequestId(1));
  ASSERT_TRUE(Create(request).ok());
  request.mutable_customer()->mutable_attributes()->set_given_name("Ann");
  EXPECT_EQ(GetErrorReason(Create(request).status()), "REQUEST_ID_REUSED");
}

TEST_F(CustomerHandlers, RemembersNoRefusal) {
  ASSERT_TRUE(Create("c-1").ok());
  v1::CreateCustomerRequest request = MakeCreateRequest("c-1");
  request.set_request_id(MakeRequestId(1));
  EXPECT_EQ(GetErrorReason(Create(request).status()), "CUSTOMER_ALREADY_EXISTS");
  EXPECT_EQ(GetErrorReason(Create(request).status()), "CUSTOMER_ALREADY_EXISTS");
  EXPECT_FALSE(replayed_);
}

TEST_F(CustomerHandlers, RefusesAnotherCustomersExclusiveIdentifierEvenWhenThatIsDeleted) {
  v1::CreateCustomerRequest request = MakeCreateRequest("c-1");
  *request.mutable_customer()->add_identifiers() =
      MakeIdentifier(v1::IDENTIFIER_TYPE_SITE_ACCOUNT, "zoe");
  ASSERT_TRUE(Create(request).ok());
  ASSERT_TRUE(Delete("c-1").ok());
  request.mutable_customer()->set_customer_id("c-2");
  EXPECT_EQ(GetErrorReason(Create(request).status()), "IDENTIFIER_TAKEN");
}

TEST_F(CustomerHandlers, AnUndeletedCustomerHasItsIdentifiersAgain) {
  v1::CreateCustomerRequest request = MakeCreateRequest("c-1");
  *request.mutable_customer()->add_identifiers() =
      MakeIdentifier(v1::IDENTIFIER_TYPE_SITE_ACCOUNT, "zoe");
  const v1::Identifier other_spelling = MakeIdentifier(v1::IDENTIFIER_TYPE_SITE_ACCOUNT, " ZOE");
  ASSERT_TRUE(Create(request).ok());
  ASSERT_TRUE(Delete("c-1").ok());
  EXPECT_THAT(Lookup({other_spelling}).matches(0).customers(), IsEmpty());
  ASSERT_TRUE(Create("c-2").ok());
  v1::UpdateCustomerRequest taking = Rename("c-2", "Ann");
  taking.mutable_update_mask()->add_paths("identifiers");
  *taking.mutable_customer()->add_identifiers() = other_spelling;
  EXPECT_EQ(GetErrorReason(Update(taking).status()), "IDENTIFIER_TAKEN");
  ASSERT_TRUE(Undelete("c-1").ok());
  EXPECT_THAT(IdsOf(Lookup({other_spelling}).matches(0).customers()), ElementsAre("c-1"));
}

TEST_F(CustomerHandlers, UpdatesBumpTheEtagAndAStaleOneIsRefused) {
  const auto created = Create("c-1");
  v1::UpdateCustomerRequest request = Rename("c-1", "Ann");
  request.mutable_customer()->set_etag(created->etag());
  const auto updated = Update(request);
  ASSERT_TRUE(updated.ok()) << updated.status();
  EXPECT_EQ(updated->attributes().given_name(), "Ann");
  EXPECT_NE(updated->etag(), created->etag());
  EXPECT_EQ(GetErrorReason(Update(request).status()), "ETAG_MISMATCH");
  EXPECT_EQ(GetErrorReason(Update(Rename("c-2", "Ann")).status()), "CUSTOMER_NOT_FOUND");
}

TEST_F(CustomerHandlers, KeepsAnOlderFactWithoutShowingIt) {
  ASSERT_TRUE(Create("c-1").ok());
  fixture_.record_clock().Advance(absl::Seconds(1));
  v1::UpdateCustomerRequest request = Rename("c-1", "Old");
  *request.mutable_origin()->mutable_occur_time() =
      ToTimestamp(TestBusinessTime() - absl::Hours(24));
  EXPECT_EQ(Update(request)->attributes().given_name(), "Zoë");
  v1::ListFactsRequest list;
  list.set_customer_id("c-1");
  list.set_page_size(1);
  rpc::CallContext call = fixture_.Call();
  const auto first = reads_.ListFacts(call, list);
  ASSERT_TRUE(first.ok()) << first.status();
  ASSERT_EQ(first->facts_size(), 1);
  EXPECT_EQ(first->facts(0).value(), "Old");
  EXPECT_EQ(first->facts(0).attribute(), "attributes.given_name");
  EXPECT_FALSE(first->facts(0).current());
  list.set_page_token(first->next_page_token());
  const auto second = reads_.ListFacts(call, list);
  EXPECT_EQ(second->facts(0).value(), "Zoë");
  EXPECT_TRUE(second->facts(0).current());
  EXPECT_EQ(second->facts(0).origin().source_system(), "shop");
  EXPECT_EQ(second->next_page_token(), "");
  EXPECT_THAT(EventTypes(), ElementsAre(kCustomerCreatedType, kFactChangedType));
}

TEST_F(CustomerHandlers, ListFactsNeedsACustomer) {
  v1::ListFactsRequest list;
  list.set_customer_id("c-1");
  rpc::CallContext call = fixture_.Call();
  EXPECT_EQ(GetErrorReason(reads_.ListFacts(call, list).status()), "CUSTOMER_NOT_FOUND");
}

TEST_F(CustomerHandlers, DeletesSoftlyAndBringsBack) {
  ASSERT_TRUE(Create("c-1").ok());
  const auto deleted = Delete("c-1", "v1");
  ASSERT_TRUE(deleted.ok()) << deleted.status();
  EXPECT_TRUE(deleted->has_delete_time());
  EXPECT_EQ(Get("c-1")->state(), v1::CUSTOMER_STATE_DELETED);
  EXPECT_THAT(List("").customers(), IsEmpty());
  EXPECT_EQ(List("state = DELETED").customers_size(), 1);
  EXPECT_EQ(GetErrorReason(Delete("c-1").status()), "CUSTOMER_DELETED");
  EXPECT_EQ(GetErrorReason(Update(Rename("c-1", "Ann")).status()), "CUSTOMER_DELETED");
  const auto back = Undelete("c-1");
  ASSERT_TRUE(back.ok());
  EXPECT_FALSE(back->has_delete_time());
  EXPECT_EQ(GetErrorReason(Undelete("c-1").status()), "CUSTOMER_NOT_DELETED");
}

TEST_F(CustomerHandlers, BatchGetKeepsTheOrderAndListsWhatIsMissing) {
  for (const char* id : {"c-1", "c-2", "c-3"}) ASSERT_TRUE(Create(id).ok());
  v1::BatchGetCustomersRequest request;
  for (const char* id : {"c-3", "c-9", "c-1", "c-8"}) request.add_customer_ids(id);
  rpc::CallContext call = fixture_.Call();
  const auto batch = reads_.BatchGet(call, request);
  ASSERT_TRUE(batch.ok());
  EXPECT_THAT(IdsOf(batch->customers()), ElementsAre("c-3", "c-1"));
  EXPECT_THAT(batch->missing_customer_ids(), ElementsAre("c-9", "c-8"));
}

TEST_F(CustomerHandlers, PagesThroughAFilteredList) {
  for (const char* id : {"c-1", "c-2", "c-3", "c-4"}) {
    v1::CreateCustomerRequest request = MakeCreateRequest(id);
    if (std::string(id) != "c-2") {
      request.mutable_customer()->mutable_attributes()->set_region_code("CN");
    }
    ASSERT_TRUE(Create(request).ok());
  }
  const auto first = List("region_code = CN AND kind = PERSON", 2);
  EXPECT_THAT(IdsOf(first.customers()), ElementsAre("c-1", "c-3"));
  const auto second = List("region_code = CN AND kind = PERSON", 2, first.next_page_token());
  EXPECT_THAT(IdsOf(second.customers()), ElementsAre("c-4"));
  EXPECT_EQ(second.next_page_token(), "");
  EXPECT_THAT(List("create_time > \"2024-06-01T00:00:00Z\"").customers(), IsEmpty());
}

TEST_F(CustomerHandlers, LooksUpInTheOrderAskedAndSkipsTheDeleted) {
  const v1::Identifier email = MakeIdentifier(v1::IDENTIFIER_TYPE_EMAIL, "Family@x.org");
  for (const char* id : {"c-1", "c-2", "c-3"}) {
    v1::CreateCustomerRequest request = MakeCreateRequest(id);
    *request.mutable_customer()->add_identifiers() = email;
    ASSERT_TRUE(Create(request).ok());
    fixture_.record_clock().Advance(absl::Seconds(1));
  }
  ASSERT_TRUE(Delete("c-2").ok());
  const auto found = Lookup({MakeIdentifier(v1::IDENTIFIER_TYPE_PHONE, "no number"),
                             MakeIdentifier(v1::IDENTIFIER_TYPE_EMAIL, "family@X.ORG"),
                             MakeIdentifier(v1::IDENTIFIER_TYPE_EXTERNAL, "nobody's")});
  ASSERT_EQ(found.matches_size(), 3);
  EXPECT_THAT(found.matches(0).customers(), IsEmpty());
  EXPECT_THAT(IdsOf(found.matches(1).customers()), ElementsAre("c-3", "c-1"));
  EXPECT_THAT(found.matches(2).customers(), IsEmpty());
}

}  // namespace
}  // namespace clientele::profile
