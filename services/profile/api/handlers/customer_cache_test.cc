// What readers of customers get through the cache after each kind of write.

#include <string>
#include <vector>

#include "common/cache/testing/process_cache.h"
#include "common/status/error.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/profile/api/handlers/customer_reads.h"
#include "services/profile/api/handlers/customer_writes.h"
#include "services/profile/api/handlers/import_session.h"
#include "services/profile/api/handlers/purchase_writes.h"
#include "services/profile/testing/api_fixture.h"

namespace clientele::profile {
namespace {

using ::clientele::cache::Source;
using ::testing::ElementsAre;

class CustomerCache : public ::testing::Test, public ApiFixture {
 protected:
  v1::Customer Create(const v1::CreateCustomerRequest& request) {
    rpc::CallContext call = Call();
    return writes_.Create(call, request).value();
  }
  v1::Customer Create(const std::string& id) { return Create(MakeCreateRequest(id)); }

  v1::Customer Rename(const CustomerWrites& writes, const std::string& id,
                      const std::string& given_name) {
    v1::UpdateCustomerRequest request;
    request.mutable_customer()->set_customer_id(id);
    request.mutable_customer()->mutable_attributes()->set_given_name(given_name);
    request.mutable_update_mask()->add_paths("attributes.given_name");
    request.mutable_origin()->set_channel(v1::COLLECTION_CHANNEL_SOCIAL);
    rpc::CallContext call = Call();
    return writes.Update(call, request).value();
  }

  absl::StatusOr<v1::Customer> TryGet(const v1::GetCustomerRequest& request) {
    rpc::CallContext call = Call();
    return GetCustomer(api(), call, request);
  }
  v1::Customer Get(const std::string& id, const std::string& min_etag = "",
                   common::v1::Consistency consistency = common::v1::CONSISTENCY_UNSPECIFIED) {
    v1::GetCustomerRequest request;
    request.set_customer_id(id);
    request.set_min_etag(min_etag);
    request.set_consistency(consistency);
    return TryGet(request).value();
  }
  std::string NameOf(const v1::Customer& customer) { return customer.attributes().given_name(); }

  int Loads() { return process_cache().Reads(Source::kLoad); }
  // So that nothing of before is served from the process any more.
  void OutliveMemory() { record_clock().Advance(absl::Seconds(1)); }

  const CustomerWrites writes_{api()};
  const PurchaseWrites purchases_{api()};

  // Another server on the same database, whose invalidations do not arrive here.
  cache::ProcessCache other_cache_{record_clock()};
  const ApiContext other_{{.database = database(),
                           .cache = other_cache_.cache(),
                           .business_clock = business_clock(),
                           .record_clock = record_clock(),
                           .ids = api().ids,
                           .key = key(),
                           .key_wrapper = &key_wrapper(),
                           .idempotency_retention = absl::Hours(24 * 7),
                           .poke_outbox = [] {}}};
  const CustomerWrites other_writes_{other_};
};

TEST_F(CustomerCache, ReadsTheDatabaseOnce) {
  Create("c-1");
  OutliveMemory();
  EXPECT_EQ(NameOf(Get("c-1")), "Zoë");
  EXPECT_EQ(Loads(), 1);
  EXPECT_EQ(NameOf(Get("c-1")), "Zoë");
  EXPECT_EQ(Loads(), 1);
  EXPECT_EQ(process_cache().Reads(Source::kMemory), 1);
}

TEST_F(CustomerCache, HasAtHandWhatTheProcessHolds) {
  const CustomerReads reads(api());
  v1::GetCustomerRequest request;
  request.set_customer_id("c-1");
  rpc::CallContext call = Call();
  EXPECT_FALSE(reads.TryGet(call, request).has_value());
  Create("c-1");
  v1::Customer customer;
  ASSERT_TRUE(customer.ParseFromString((*reads.TryGet(call, request))->bytes));
  EXPECT_EQ(NameOf(customer), "Zoë");
  request.set_min_etag("v2");
  EXPECT_FALSE(reads.TryGet(call, request).has_value());
  request.set_min_etag("?");
  EXPECT_FALSE(reads.TryGet(call, request).has_value());
}

TEST_F(CustomerCache, AnswersWhatWasWrittenHereWithoutReadingIt) {
  EXPECT_EQ(Get(Create("c-1").customer_id()).etag(), "v1");
  EXPECT_EQ(NameOf(Rename(writes_, "c-1", "Ada")), "Ada");
  EXPECT_EQ(NameOf(Get("c-1")), "Ada");
  v1::DeleteCustomerRequest request;
  request.set_customer_id("c-1");
  rpc::CallContext call = Call();
  ASSERT_TRUE(writes_.Delete(call, request).ok());
  EXPECT_EQ(Get("c-1").state(), v1::CUSTOMER_STATE_DELETED);
  EXPECT_EQ(Loads(), 0);
}

TEST_F(CustomerCache, AnswersNothingBelowMinEtag) {
  Create("c-1");
  const v1::Customer renamed = Rename(other_writes_, "c-1", "Ada");
  EXPECT_EQ(NameOf(Get("c-1")), "Zoë");
  EXPECT_EQ(NameOf(Get("c-1", "v1")), "Zoë");
  EXPECT_EQ(NameOf(Get("c-1", renamed.etag())), "Ada");
  EXPECT_EQ(Loads(), 1);
  EXPECT_EQ(NameOf(Get("c-1")), "Ada");  // from then on
  EXPECT_EQ(Loads(), 1);
}

TEST_F(CustomerCache, AStrongReadReadsTheDatabase) {
  Create("c-1");
  Rename(other_writes_, "c-1", "Ada");
  EXPECT_EQ(NameOf(Get("c-1", "", common::v1::CONSISTENCY_BOUNDED)), "Zoë");
  EXPECT_EQ(NameOf(Get("c-1", "", common::v1::CONSISTENCY_STRONG)), "Ada");
}

TEST_F(CustomerCache, IsASecondBehindOtherServersAtMost) {
  Create("c-1");
  Rename(other_writes_, "c-1", "Ada");
  OutliveMemory();
  EXPECT_EQ(NameOf(Get("c-1")), "Ada");
}

TEST_F(CustomerCache, RefusesAMinEtagThatTheCustomerHasNotReached) {
  Create("c-1");
  v1::GetCustomerRequest request;
  request.set_customer_id("c-1");
  request.set_min_etag("v2");
  const absl::Status refused = TryGet(request).status();
  EXPECT_EQ(refused.code(), absl::StatusCode::kAborted);
  EXPECT_EQ(GetErrorReason(refused), "ETAG_MISMATCH");
  EXPECT_EQ(GetErrorDetails(refused)->metadata.at("actual"), "v1");
}

TEST_F(CustomerCache, RemembersWhoDoesNotExistUntilTheyDo) {
  v1::GetCustomerRequest request;
  request.set_customer_id("c-1");
  EXPECT_EQ(GetErrorReason(TryGet(request).status()), "CUSTOMER_NOT_FOUND");
  EXPECT_EQ(GetErrorReason(TryGet(request).status()), "CUSTOMER_NOT_FOUND");
  EXPECT_EQ(Loads(), 1);
  Create("c-1");
  EXPECT_TRUE(TryGet(request).ok());
}

TEST_F(CustomerCache, AReplayedAnswerIsNotTakenForTheState) {
  v1::CreateCustomerRequest request = MakeCreateRequest("c-1");
  request.set_request_id(MakeRequestId(1));
  Create(request);
  Rename(writes_, "c-1", "Ada");
  OutliveMemory();
  EXPECT_EQ(NameOf(Create(request)), "Zoë");
  EXPECT_EQ(NameOf(Get("c-1")), "Ada");
}

TEST_F(CustomerCache, ARecordedPurchaseOutdatesWhomItChanges) {
  Create("c-1");
  const auto record = [this](const std::string& order_number) {
    v1::RecordPurchasesRequest request;
    request.set_request_id(MakeRequestId(static_cast<int>(order_number.size())));
    *request.add_purchases() = MakePurchaseProto("c-1", order_number);
    rpc::CallContext call = Call();
    ASSERT_TRUE(purchases_.Record(call, request).ok());
  };
  EXPECT_EQ(Get("c-1").commercial_status(), v1::COMMERCIAL_STATUS_POTENTIAL);
  record("1");
  EXPECT_EQ(Get("c-1").commercial_status(), v1::COMMERCIAL_STATUS_EXISTING);
  EXPECT_EQ(Loads(), 1);
  record("22");  // changes nothing that a reader of the customer sees
  EXPECT_EQ(Get("c-1").etag(), "v2");
  EXPECT_EQ(Loads(), 1);
}

TEST_F(CustomerCache, AnImportOutdatesWhomItMakesAndChanges) {
  Create("c-1");
  v1::GetCustomerRequest unknown;
  unknown.set_customer_id("c-2");
  EXPECT_FALSE(TryGet(unknown).ok());
  rpc::CallContext call;
  ImportSession session(api(), call);
  v1::ImportPurchasesRequest config;
  config.mutable_config()->set_source_system("shop");
  config.mutable_config()->set_create_missing_customers(true);
  ASSERT_TRUE(session.Handle(config).ok());
  v1::ImportPurchasesRequest batch;
  batch.mutable_batch()->set_sequence_number(1);
  for (const char* id : {"c-1", "c-2"}) {
    v1::Purchase& purchase =
        *batch.mutable_batch()->add_items()->mutable_order()->mutable_purchase();
    purchase = MakePurchaseProto(id, id);
    purchase.clear_source_system();
  }
  const auto checkpoint = session.Handle(batch);
  ASSERT_TRUE(checkpoint.ok()) << checkpoint.status();
  EXPECT_EQ((*checkpoint)->orders_recorded_count(), 2);
  EXPECT_EQ(Get("c-1").commercial_status(), v1::COMMERCIAL_STATUS_EXISTING);
  EXPECT_TRUE(TryGet(unknown).ok());
}

TEST_F(CustomerCache, ABatchLoadsWhatIsNotThere) {
  Create("c-1");
  Create("c-2");
  OutliveMemory();
  Get("c-1");
  v1::BatchGetCustomersRequest request;
  for (const char* id : {"c-2", "c-9", "c-1", "c-2"}) request.add_customer_ids(id);
  rpc::CallContext call = Call();
  const CustomerReads reads(api());
  const v1::BatchGetCustomersResponse response = reads.BatchGet(call, request).value();
  std::vector<std::string> found;
  for (const v1::Customer& customer : response.customers()) found.push_back(customer.customer_id());
  EXPECT_THAT(found, ElementsAre("c-2", "c-1", "c-2"));
  EXPECT_THAT(response.missing_customer_ids(), ElementsAre("c-9"));
  EXPECT_EQ(Loads(), 3);                                 // c-1 before, now c-2 and c-9
  EXPECT_EQ(process_cache().Reads(Source::kFlight), 1);  // c-2 again
}

TEST_F(CustomerCache, ABatchHoldsEachToItsOwnMinEtag) {
  Create("c-1");
  Create("c-2");
  Rename(other_writes_, "c-1", "Ada");
  Rename(other_writes_, "c-2", "Eve");
  v1::BatchGetCustomersRequest request;
  request.add_customer_ids("c-1");
  request.add_customer_ids("c-2");
  request.add_min_etags("v2");
  request.add_min_etags("");
  rpc::CallContext call = Call();
  const CustomerReads reads(api());
  const v1::BatchGetCustomersResponse response = reads.BatchGet(call, request).value();
  EXPECT_EQ(NameOf(response.customers(0)), "Ada");
  EXPECT_EQ(NameOf(response.customers(1)), "Zoë");
  request.set_min_etags(1, "v3");
  EXPECT_EQ(GetErrorReason(reads.BatchGet(call, request).status()), "ETAG_MISMATCH");
}

}  // namespace
}  // namespace clientele::profile
