// A write that waits for its customer is recorded at the time when its turn comes: consumers of the
// feed go by that time.

#include <functional>
#include <future>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/sql/testing/test_postgres.h"
#include "common/status/macros.h"
#include "gtest/gtest.h"
#include "services/profile/api/handlers/customer_writes.h"
#include "services/profile/api/handlers/import_session.h"
#include "services/profile/api/handlers/purchase_writes.h"
#include "services/profile/store/customer_store.h"
#include "services/profile/store/schema.h"
#include "services/profile/testing/api_fixture.h"

namespace clientele::profile {
namespace {

class WaitingWrites : public ::testing::Test, public ApiFixture {
 protected:
  WaitingWrites() : ApiFixture(sql::OpenTestPostgres(SchemaMigrations())) {}

  void SetUp() override {
    rpc::CallContext call = Call();
    ASSERT_TRUE(CustomerWrites(api()).Create(call, MakeCreateRequest("c-1")).ok());
  }

  // What `write` recorded of c-1 has the time at which the customer came free.
  void ExpectTheTimeOfItsTurn(const std::function<absl::Status()>& write) {
    const size_t recorded_before = Outbox().size();
    std::future<absl::Status> written;
    const absl::Status held = database().RunInTransaction({}, [&](sql::Tx& tx) -> absl::Status {
      CLIENTELE_RETURN_IF_ERROR(LockCustomers(tx, {"c-1"}));
      written = std::async(std::launch::async, write);
      CLIENTELE_RETURN_IF_ERROR(sql::WaitForBlocked(database(), "customer", 1));
      record_clock().Advance(absl::Hours(1));
      return absl::OkStatus();
    });
    ASSERT_EQ(held, absl::OkStatus());
    EXPECT_EQ(written.get(), absl::OkStatus());
    size_t recorded_count = 0;
    for (const feed::OutboxEvent& event : Outbox()) {
      recorded_count += event.record_time == TestRecordTime() + absl::Hours(1) ? 1 : 0;
    }
    EXPECT_GT(recorded_count, 0);
    EXPECT_EQ(Outbox().size(), recorded_before + recorded_count);
  }
};

TEST_F(WaitingWrites, ARenamedCustomerHasTheTimeOfItsTurn) {
  v1::UpdateCustomerRequest request;
  request.mutable_customer()->set_customer_id("c-1");
  request.mutable_customer()->mutable_attributes()->set_given_name("Ann");
  request.mutable_update_mask()->add_paths("attributes.given_name");
  *request.mutable_origin() = MakeCreateRequest("c-1").origin();
  ExpectTheTimeOfItsTurn([&] {
    rpc::CallContext call = Call();
    return CustomerWrites(api()).Update(call, request).status();
  });
}

TEST_F(WaitingWrites, ARecordedPurchaseHasTheTimeOfItsTurn) {
  const PurchaseWrites writes(api());
  v1::RecordPurchasesRequest request;
  request.set_request_id(MakeRequestId(1));
  *request.add_purchases() = MakePurchaseProto("c-1", "1");
  ExpectTheTimeOfItsTurn([&] {
    rpc::CallContext call = Call();
    return writes.Record(call, request).status();
  });
}

TEST_F(WaitingWrites, AnImportedPurchaseHasTheTimeOfItsTurn) {
  rpc::CallContext call = Call();
  ImportSession session(api(), call);
  v1::ImportPurchasesRequest config;
  config.mutable_config()->set_source_system("shop");
  ASSERT_TRUE(session.Handle(config).ok());
  v1::ImportPurchasesRequest batch;
  batch.mutable_batch()->set_sequence_number(1);
  v1::Purchase& purchase = *batch.mutable_batch()->add_items()->mutable_order()->mutable_purchase();
  purchase = MakePurchaseProto("c-1", "1");
  purchase.clear_source_system();
  ExpectTheTimeOfItsTurn([&] { return session.Handle(batch).status(); });
}

}  // namespace
}  // namespace clientele::profile
