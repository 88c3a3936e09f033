// What is remembered of the answers to writes about customers.

#include <string>

#include "absl/strings/match.h"
#include "common/status/error.h"
#include "gtest/gtest.h"
#include "services/profile/api/handlers/customer_writes.h"
#include "services/profile/testing/api_fixture.h"

namespace clientele::profile {
namespace {

constexpr sql::Statement kSelectAnswers{"SelectAnswers", "SELECT answer FROM idempotency"};
constexpr sql::Statement kDeleteKeys{"DeleteKeys", "DELETE FROM customer_key"};

class RememberedAnswers : public ::testing::TestWithParam<const char*> {
 protected:
  RememberedAnswers() {
    request_ = MakeCreateRequest(GetParam());
    request_.set_request_id(MakeRequestId(1));
  }

  absl::StatusOr<v1::Customer> Create(rpc::CallContext& call) {
    return writes_.Create(call, request_);
  }

  ApiFixture fixture_;
  const CustomerWrites writes_{fixture_.api()};
  v1::CreateCustomerRequest request_;
};

TEST_P(RememberedAnswers, HoldNoTextInTheClearAndAreGivenAgain) {
  rpc::CallContext call = fixture_.Call();
  const auto first = Create(call);
  ASSERT_TRUE(first.ok()) << first.status();
  int answer_count = 0;
  ASSERT_TRUE(fixture_.database()
                  .RunReadOnly({},
                               [&](sql::Tx& tx) {
                                 return tx.Query(kSelectAnswers, {}, [&](const sql::Row& row) {
                                   ++answer_count;
                                   EXPECT_FALSE(absl::StrContains(row.Blob(0), "Zo"));
                                   return absl::OkStatus();
                                 });
                               })
                  .ok());
  EXPECT_EQ(answer_count, 1);
  const auto again = Create(call);
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_TRUE(call.replayed);
  EXPECT_EQ(again->SerializeAsString(), first->SerializeAsString());
}

TEST_P(RememberedAnswers, AreErasedWithTheCustomersKey) {
  rpc::CallContext call = fixture_.Call();
  ASSERT_TRUE(Create(call).ok());
  ASSERT_TRUE(
      fixture_.database()
          .RunInTransaction({}, [](sql::Tx& tx) { return tx.Execute(kDeleteKeys, {}).status(); })
          .ok());
  EXPECT_EQ(GetErrorReason(Create(call).status()), "ANSWER_ERASED");
}

// With an id that the caller chose, and with one that the server made.
INSTANTIATE_TEST_SUITE_P(Creates, RememberedAnswers, ::testing::Values("c-1", ""));

}  // namespace
}  // namespace clientele::profile
