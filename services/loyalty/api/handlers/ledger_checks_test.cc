#include "services/loyalty/api/handlers/ledger_checks.h"

#include <string>

#include "common/status/error.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/loyalty/testing/api_fixture.h"

namespace clientele::loyalty {
namespace {

using ::testing::ElementsAre;
using ::testing::SizeIs;

class LedgerChecksTest : public ::testing::Test, public ApiFixture {
 protected:
  LedgerChecksTest() : checks_(api()) {}

  absl::StatusOr<v1::VerifyLedgerResponse> Verify(const std::string& page_token = "") {
    v1::VerifyLedgerRequest request;
    request.set_page_token(page_token);
    rpc::CallContext call = Call();
    return checks_.VerifyLedger(call, request);
  }

  absl::StatusOr<v1::VerifyLedgerHeadsResponse> VerifyHeads(
      const v1::VerifyLedgerHeadsRequest& request) {
    rpc::CallContext call = Call();
    return checks_.VerifyLedgerHeads(call, request);
  }

  const LedgerChecks checks_;
};

TEST_F(LedgerChecksTest, AnswersTheLastEntryOfEachMember) {
  AddMember("c-1", 100, 1);
  AddMember("c-1", 30, 2);
  AddMember("c-2", 7, 3);
  const v1::VerifyLedgerResponse response = Verify().value();
  ASSERT_THAT(response.heads(), SizeIs(2));
  EXPECT_EQ(response.heads(0).customer_id(), "c-1");
  EXPECT_EQ(response.heads(0).seq(), 2);
  EXPECT_THAT(response.heads(0).hash(), SizeIs(32));
  EXPECT_THAT(response.broken(), SizeIs(0));
  EXPECT_EQ(response.next_page_token(), "");
}

TEST_F(LedgerChecksTest, HeadsOfBeforeAreStillThereAndOthersAreNot) {
  AddMember("c-1", 100, 1);
  const v1::LedgerHead head = Verify()->heads(0);
  AddMember("c-1", 30, 2);
  v1::VerifyLedgerHeadsRequest request;
  *request.add_heads() = head;
  EXPECT_THAT(VerifyHeads(request)->broken(), SizeIs(0));
  request.mutable_heads(0)->mutable_hash()->front() ^= 1;
  const v1::VerifyLedgerHeadsResponse response = VerifyHeads(request).value();
  ASSERT_THAT(response.broken(), SizeIs(1));
  EXPECT_EQ(response.broken(0).customer_id(), "c-1");
  EXPECT_EQ(response.broken(0).first_bad_seq(), 1);
}

TEST_F(LedgerChecksTest, RefusesTokensThatItDidNotMake) {
  EXPECT_EQ(GetErrorReason(Verify("x").status()), "INVALID_PAGE_TOKEN");
}

TEST_F(LedgerChecksTest, RefusesHeadsThatCannotBe) {
  v1::VerifyLedgerHeadsRequest request;
  EXPECT_EQ(GetErrorReason(VerifyHeads(request).status()), "INVALID_ARGUMENT");
  v1::LedgerHead& head = *request.add_heads();
  head.set_customer_id("C 1");
  head.set_hash("short");
  EXPECT_THAT(ViolatedFields(VerifyHeads(request).status()),
              ElementsAre("heads[0].customer_id", "heads[0].seq", "heads[0].hash"));
  request.clear_heads();
  for (int i = 0; i < 1001; ++i) {
    request.add_heads();
  }
  EXPECT_EQ(GetErrorReason(VerifyHeads(request).status()), "INVALID_ARGUMENT");
}

}  // namespace
}  // namespace clientele::loyalty
