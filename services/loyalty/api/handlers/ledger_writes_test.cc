#include "services/loyalty/api/handlers/ledger_writes.h"

#include "common/status/error.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/loyalty/api/converters/event_proto.h"
#include "services/loyalty/testing/api_fixture.h"

namespace clientele::loyalty {
namespace {

using ::testing::ElementsAre;
using ::testing::UnorderedElementsAre;

class LedgerWritesTest : public ::testing::Test, public ApiFixture {
 protected:
  LedgerWritesTest() : writes_(api()) {}

  absl::StatusOr<v1::LedgerEntry> Redeem(const v1::RedeemRequest& request) {
    call_ = NewCall("Redeem");
    return writes_.Redeem(call_, request);
  }
  absl::StatusOr<v1::LedgerEntry> Adjust(const v1::AdjustRequest& request) {
    call_ = NewCall("Adjust");
    return writes_.Adjust(call_, request);
  }
  absl::StatusOr<v1::ReverseResponse> Reverse(const v1::ReverseRequest& request) {
    call_ = NewCall("Reverse");
    return writes_.Reverse(call_, request);
  }
  absl::StatusOr<v1::BatchPostResponse> BatchPost(const v1::BatchPostRequest& request) {
    call_ = NewCall("BatchPost");
    call_.request_id_rule = common::v1::REQUEST_ID_RULE_UNSPECIFIED;
    return writes_.BatchPost(call_, request);
  }
  static v1::BatchPostRequest BatchOf(const std::vector<v1::RedeemRequest>& redeems,
                                      const std::vector<v1::AdjustRequest>& adjusts = {}) {
    v1::BatchPostRequest request;
    for (const v1::RedeemRequest& redeem : redeems) {
      *request.add_postings()->mutable_redeem() = redeem;
    }
    for (const v1::AdjustRequest& adjust : adjusts) {
      *request.add_postings()->mutable_adjust() = adjust;
    }
    return request;
  }
  // Per posting: its refusal's reason, "again" for a replay, else "".
  static std::vector<std::string> Outcomes(const v1::BatchPostResponse& response) {
    std::vector<std::string> outcomes;
    for (const auto& result : response.results()) {
      EXPECT_EQ(result.has_entry(), result.status().code() == 0);
      outcomes.push_back(result.replayed() ? "again" : ReasonOf(result.status()));
    }
    return outcomes;
  }
  rpc::CallContext NewCall(const std::string& method) {
    rpc::CallContext call = Call(common::v1::REQUEST_ID_RULE_REQUIRED);
    call.method = "/clientele.loyalty.v1.LedgerService/" + method;
    return call;
  }
  std::vector<std::string> EventTypes() {
    std::vector<std::string> types;
    for (const feed::OutboxEvent& event : Outbox()) {
      types.push_back(event.type);
    }
    return types;
  }

  const LedgerWrites writes_;
  rpc::CallContext call_;
};

TEST_F(LedgerWritesTest, RedeemTakesPointsAndTellsTheFeed) {
  AddMember("c-1", 500);
  const auto entry = Redeem(MakeRedeem(1, "c-1", 120));
  ASSERT_EQ(entry.status(), absl::OkStatus());
  EXPECT_EQ(entry->kind(), v1::ENTRY_KIND_REDEEM);
  EXPECT_EQ(entry->seq(), 2);
  EXPECT_EQ(entry->points(), 120);
  EXPECT_EQ(entry->balance_after(), 380);
  EXPECT_EQ(entry->reason(), "REDEMPTION");
  EXPECT_EQ(entry->lot_uses_size(), 1);
  EXPECT_FALSE(entry->transaction_id().empty());
  EXPECT_EQ(Balance("c-1").available(), 380);
  EXPECT_EQ(EventTypes(),
            (std::vector<std::string>{std::string(kPointsEarnedType), std::string(kTierChangedType),
                                      std::string(kPointsRedeemedType)}));
  EXPECT_EQ(Imbalance(), 0);
}

TEST_F(LedgerWritesTest, TheSameRequestHasOneEffectAndOneAnswer) {
  AddMember("c-1", 500);
  const v1::LedgerEntry first = Redeem(MakeRedeem(1, "c-1", 120)).value();
  EXPECT_FALSE(call_.replayed);
  const v1::LedgerEntry second = Redeem(MakeRedeem(1, "c-1", 120)).value();
  EXPECT_TRUE(call_.replayed);
  EXPECT_EQ(first.SerializeAsString(), second.SerializeAsString());
  EXPECT_EQ(Balance("c-1").available(), 380);
}

TEST_F(LedgerWritesTest, RefusesARequestIdWithOtherContent) {
  AddMember("c-1", 500);
  ASSERT_TRUE(Redeem(MakeRedeem(1, "c-1", 120)).ok());
  EXPECT_EQ(GetErrorReason(Redeem(MakeRedeem(1, "c-1", 121)).status()), "REQUEST_ID_REUSED");
  EXPECT_EQ(GetErrorReason(Adjust(MakeAdjust(1, "c-1", 120)).status()), "REQUEST_ID_REUSED");
  EXPECT_EQ(GetErrorReason(Reverse(MakeReverse(1, "c-1", 2)).status()), "REQUEST_ID_REUSED");
  EXPECT_EQ(Balance("c-1").available(), 380);
}

TEST_F(LedgerWritesTest, RequestIdsOfDifferentMembersAreDifferent) {
  AddMember("c-1", 500);
  AddMember("c-2", 500);
  ASSERT_TRUE(Redeem(MakeRedeem(1, "c-1", 120)).ok());
  ASSERT_TRUE(Redeem(MakeRedeem(1, "c-2", 77)).ok());
  EXPECT_EQ(Balance("c-2").available(), 423);
}

TEST_F(LedgerWritesTest, ListsEveryViolationOfARequest) {
  v1::RedeemRequest redeem;
  redeem.set_request_id("x");
  redeem.set_customer_id("UPPER");
  redeem.set_reason("low");
  redeem.set_reference(std::string(101, 'r'));
  EXPECT_THAT(ViolatedFields(Redeem(redeem).status()),
              UnorderedElementsAre("request_id", "customer_id", "reason", "points", "reference"));
  EXPECT_THAT(ViolatedFields(Adjust({}).status()),
              UnorderedElementsAre("request_id", "customer_id", "reason", "points"));
  EXPECT_THAT(ViolatedFields(Adjust(MakeAdjust(1, "c-1", 1'000'001)).status()),
              ElementsAre("points"));
  EXPECT_THAT(ViolatedFields(Adjust(MakeAdjust(1, "c-1", -1'000'001)).status()),
              ElementsAre("points"));
  EXPECT_THAT(ViolatedFields(Reverse({}).status()),
              UnorderedElementsAre("request_id", "customer_id", "original_request_id"));
  EXPECT_THAT(ViolatedFields(Reverse(MakeReverse(1, "c-1", 1)).status()),
              ElementsAre("original_request_id"));
}

TEST_F(LedgerWritesTest, RefusesWhoIsNoMember) {
  EXPECT_EQ(GetErrorReason(Redeem(MakeRedeem(1, "c-1", 1)).status()), "MEMBER_NOT_FOUND");
  EXPECT_EQ(GetErrorReason(Adjust(MakeAdjust(1, "c-1", 1)).status()), "MEMBER_NOT_FOUND");
}

TEST_F(LedgerWritesTest, RefusesToOverdrawAndRemembersNothingOfIt) {
  AddMember("c-1", 100);
  EXPECT_EQ(GetErrorReason(Redeem(MakeRedeem(1, "c-1", 101)).status()), "INSUFFICIENT_POINTS");
  EXPECT_EQ(GetErrorReason(Adjust(MakeAdjust(2, "c-1", -101)).status()), "INSUFFICIENT_POINTS");
  AddMember("c-1", 1);
  EXPECT_TRUE(Redeem(MakeRedeem(1, "c-1", 101)).ok());
}

TEST_F(LedgerWritesTest, ValidateOnlyAnswersWhatWouldBeWithoutEffect) {
  AddMember("c-1", 100);
  v1::RedeemRequest redeem = MakeRedeem(1, "c-1", 60);
  redeem.set_validate_only(true);
  const v1::LedgerEntry would_be = Redeem(redeem).value();
  EXPECT_EQ(would_be.balance_after(), 40);
  EXPECT_EQ(would_be.transaction_id(), "");
  EXPECT_EQ(Balance("c-1").available(), 100);
  redeem.set_points(101);
  EXPECT_EQ(GetErrorReason(Redeem(redeem).status()), "INSUFFICIENT_POINTS");
  EXPECT_TRUE(Redeem(MakeRedeem(1, "c-1", 60)).ok());
  redeem.set_points(60);
  EXPECT_TRUE(Redeem(redeem).ok());
  EXPECT_TRUE(call_.replayed);

  v1::ReverseRequest reverse = MakeReverse(2, "c-1", 1);
  reverse.set_validate_only(true);
  EXPECT_EQ(Reverse(reverse)->outcome(), v1::ReverseResponse::OUTCOME_REVERSED);
  EXPECT_EQ(Balance("c-1").available(), 40);
  reverse.set_original_request_id(MakeRequestId(3));
  EXPECT_EQ(Reverse(reverse)->outcome(), v1::ReverseResponse::OUTCOME_VOIDED);
  EXPECT_TRUE(Redeem(MakeRedeem(3, "c-1", 1)).ok());
}

TEST_F(LedgerWritesTest, ExpiredPointsAreNeverSpendable) {
  AddMember("c-1", 100, 1);
  business_clock().Advance(absl::Hours(24 * 700));
  EXPECT_EQ(Balance("c-1").available(), 0);
  EXPECT_EQ(GetErrorReason(Redeem(MakeRedeem(1, "c-1", 1)).status()), "INSUFFICIENT_POINTS");
  ASSERT_TRUE(Adjust(MakeAdjust(2, "c-1", 10)).ok());
  const std::vector<v1::LedgerEntry> entries = Entries("c-1");
  ASSERT_EQ(entries.size(), 3U);
  EXPECT_EQ(entries[1].kind(), v1::ENTRY_KIND_EXPIRE);
  EXPECT_EQ(Balance("c-1").available(), 10);
  EXPECT_EQ(Imbalance(), 0);
}

TEST_F(LedgerWritesTest, ReverseUndoesARedeem) {
  AddMember("c-1", 100);
  const v1::LedgerEntry redeem = Redeem(MakeRedeem(1, "c-1", 60)).value();
  const v1::ReverseResponse reversed = Reverse(MakeReverse(2, "c-1", 1)).value();
  EXPECT_EQ(reversed.outcome(), v1::ReverseResponse::OUTCOME_REVERSED);
  EXPECT_EQ(reversed.entry().kind(), v1::ENTRY_KIND_REVERSE);
  EXPECT_EQ(reversed.entry().points(), 60);
  EXPECT_EQ(Balance("c-1").available(), 100);
  EXPECT_EQ(Redeem(MakeRedeem(1, "c-1", 60))->transaction_id(), redeem.transaction_id());
  EXPECT_EQ(Balance("c-1").available(), 100);
  EXPECT_EQ(Imbalance(), 0);
}

TEST_F(LedgerWritesTest, ReverseIsIdempotentByItsRequestAndByItsOriginal) {
  AddMember("c-1", 100);
  ASSERT_TRUE(Adjust(MakeAdjust(1, "c-1", 50)).ok());
  const v1::ReverseResponse first = Reverse(MakeReverse(2, "c-1", 1)).value();
  const v1::ReverseResponse again = Reverse(MakeReverse(2, "c-1", 1)).value();
  EXPECT_TRUE(call_.replayed);
  EXPECT_EQ(first.SerializeAsString(), again.SerializeAsString());
  const v1::ReverseResponse other = Reverse(MakeReverse(3, "c-1", 1)).value();
  EXPECT_FALSE(call_.replayed);
  EXPECT_EQ(first.SerializeAsString(), other.SerializeAsString());
  EXPECT_EQ(GetErrorReason(Reverse(MakeReverse(2, "c-1", 9)).status()), "REQUEST_ID_REUSED");
  EXPECT_EQ(Balance("c-1").available(), 100);
}

TEST_F(LedgerWritesTest, ASecondReverseOfOneOriginalUsesUpItsRequestIdToo) {
  AddMember("c-1", 100);
  ASSERT_TRUE(Redeem(MakeRedeem(1, "c-1", 60)).ok());
  const v1::ReverseResponse first = Reverse(MakeReverse(2, "c-1", 1)).value();
  v1::ReverseRequest dry_run = MakeReverse(4, "c-1", 1);
  dry_run.set_validate_only(true);
  ASSERT_TRUE(Reverse(dry_run).ok());
  ASSERT_TRUE(Reverse(MakeReverse(3, "c-1", 1)).ok());
  EXPECT_EQ(GetErrorReason(Redeem(MakeRedeem(3, "c-1", 5)).status()), "REQUEST_ID_REUSED");
  EXPECT_EQ(GetErrorReason(Reverse(MakeReverse(3, "c-1", 9)).status()), "REQUEST_ID_REUSED");
  const v1::ReverseResponse again = Reverse(MakeReverse(3, "c-1", 1)).value();
  EXPECT_TRUE(call_.replayed);
  EXPECT_EQ(again.SerializeAsString(), first.SerializeAsString());
  EXPECT_EQ(Balance("c-1").available(), 100);
  EXPECT_TRUE(Redeem(MakeRedeem(4, "c-1", 5)).ok());
}

TEST_F(LedgerWritesTest, ReverseMayLeaveDebt) {
  AddMember("c-1", 10);
  ASSERT_TRUE(Adjust(MakeAdjust(1, "c-1", 50)).ok());
  ASSERT_TRUE(Redeem(MakeRedeem(2, "c-1", 60)).ok());
  ASSERT_TRUE(Reverse(MakeReverse(3, "c-1", 1)).ok());
  EXPECT_EQ(Balance("c-1").available(), -50);
  EXPECT_EQ(Balance("c-1").debt(), 50);
  EXPECT_EQ(Imbalance(), 0);
}

TEST_F(LedgerWritesTest, ReverseOfARequestThatNeverArrivedVoidsItForEver) {
  AddMember("c-1", 100);
  const v1::ReverseResponse voided = Reverse(MakeReverse(2, "c-1", 1)).value();
  EXPECT_EQ(voided.outcome(), v1::ReverseResponse::OUTCOME_VOIDED);
  EXPECT_FALSE(voided.has_entry());
  const absl::Status late = Adjust(MakeAdjust(1, "c-1", 50)).status();
  EXPECT_EQ(late.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(GetErrorReason(late), "REQUEST_ID_VOIDED");
  EXPECT_EQ(GetErrorReason(Redeem(MakeRedeem(1, "c-1", 5)).status()), "REQUEST_ID_VOIDED");
  EXPECT_EQ(GetErrorReason(Reverse(MakeReverse(1, "c-1", 7)).status()), "REQUEST_ID_VOIDED");
  EXPECT_EQ(Reverse(MakeReverse(2, "c-1", 1))->outcome(), v1::ReverseResponse::OUTCOME_VOIDED);
  EXPECT_TRUE(call_.replayed);
  EXPECT_EQ(GetErrorReason(Adjust(MakeAdjust(2, "c-1", 50)).status()), "REQUEST_ID_REUSED");
  EXPECT_EQ(Balance("c-1").available(), 100);
}

TEST_F(LedgerWritesTest, ReverseVoidsAlsoForWhoIsNoMemberYet) {
  ASSERT_EQ(Reverse(MakeReverse(2, "c-1", 1))->outcome(), v1::ReverseResponse::OUTCOME_VOIDED);
  AddMember("c-1", 100);
  EXPECT_EQ(GetErrorReason(Adjust(MakeAdjust(1, "c-1", 50)).status()), "REQUEST_ID_VOIDED");
}

TEST_F(LedgerWritesTest, AReverseCannotBeReversed) {
  AddMember("c-1", 100);
  ASSERT_TRUE(Redeem(MakeRedeem(1, "c-1", 60)).ok());
  ASSERT_TRUE(Reverse(MakeReverse(2, "c-1", 1)).ok());
  EXPECT_EQ(GetErrorReason(Reverse(MakeReverse(3, "c-1", 2)).status()),
            "TRANSACTION_NOT_REVERSIBLE");
  // Nor one that made no entry of its own.
  ASSERT_TRUE(Reverse(MakeReverse(4, "c-1", 1)).ok());
  EXPECT_EQ(GetErrorReason(Reverse(MakeReverse(5, "c-1", 4)).status()),
            "TRANSACTION_NOT_REVERSIBLE");
}

TEST_F(LedgerWritesTest, ReverseOfAnExpiredAdjustFindsNothingLeft) {
  AddMember("c-1", 100);
  ASSERT_TRUE(Adjust(MakeAdjust(1, "c-1", 50)).ok());
  business_clock().Advance(absl::Hours(24 * 800));
  EXPECT_EQ(Reverse(MakeReverse(2, "c-1", 1))->outcome(),
            v1::ReverseResponse::OUTCOME_NOTHING_LEFT);
  EXPECT_EQ(Reverse(MakeReverse(2, "c-1", 1))->outcome(),
            v1::ReverseResponse::OUTCOME_NOTHING_LEFT);
  EXPECT_EQ(Balance("c-1").available(), 0);
}

TEST_F(LedgerWritesTest, BatchPostAnswersForEachByItself) {
  AddMember("c-1", 100);
  AddMember("c-2", 10);
  v1::BatchPostRequest request = BatchOf({MakeRedeem(1, "c-1", 60), MakeRedeem(2, "c-1", 60),
                                          MakeRedeem(3, "c-9", 1), MakeRedeem(4, "c-1", 0)},
                                         {MakeAdjust(5, "c-2", 5)});
  request.add_postings();
  const auto response = BatchPost(request);
  ASSERT_EQ(response.status(), absl::OkStatus());
  EXPECT_THAT(Outcomes(*response), ElementsAre("", "INSUFFICIENT_POINTS", "MEMBER_NOT_FOUND",
                                               "INVALID_ARGUMENT", "", "INVALID_ARGUMENT"));
  EXPECT_EQ(response->results(0).entry().balance_after(), 40);
  EXPECT_EQ(response->results(4).entry().kind(), v1::ENTRY_KIND_ADJUST);
  EXPECT_EQ(Balance("c-1").available(), 40);
  EXPECT_EQ(Balance("c-2").available(), 15);
}

TEST_F(LedgerWritesTest, APostingIsTheSameRequestInABatchAndByItself) {
  AddMember("c-1", 100);
  const auto alone = Redeem(MakeRedeem(1, "c-1", 60));
  const auto batch = BatchPost(BatchOf({MakeRedeem(1, "c-1", 60), MakeRedeem(2, "c-1", 10),
                                        MakeRedeem(2, "c-1", 10), MakeRedeem(2, "c-1", 11)}));
  ASSERT_EQ(batch.status(), absl::OkStatus());
  EXPECT_THAT(Outcomes(*batch), ElementsAre("again", "", "again", "REQUEST_ID_REUSED"));
  EXPECT_EQ(batch->results(0).entry().SerializeAsString(), alone->SerializeAsString());
  const auto again = Redeem(MakeRedeem(2, "c-1", 10));
  EXPECT_TRUE(call_.replayed);
  EXPECT_EQ(again->SerializeAsString(), batch->results(1).entry().SerializeAsString());
  EXPECT_EQ(Balance("c-1").available(), 30);
}

TEST_F(LedgerWritesTest, BatchPostValidatesWithoutEffect) {
  AddMember("c-1", 100);
  v1::BatchPostRequest request = BatchOf({MakeRedeem(1, "c-1", 60), MakeRedeem(2, "c-1", 60)});
  request.set_validate_only(true);
  const auto response = BatchPost(request);
  ASSERT_EQ(response.status(), absl::OkStatus());
  EXPECT_THAT(Outcomes(*response), ElementsAre("", "INSUFFICIENT_POINTS"));
  EXPECT_EQ(response->results(0).entry().balance_after(), 40);
  EXPECT_EQ(response->results(0).entry().transaction_id(), "");
  EXPECT_EQ(Balance("c-1").available(), 100);
}

TEST_F(LedgerWritesTest, BatchPostRefusesTooManyAndNone) {
  EXPECT_EQ(GetErrorReason(BatchPost({}).status()), "INVALID_ARGUMENT");
  v1::BatchPostRequest request;
  for (int i = 0; i < 1001; ++i) {
    request.add_postings();
  }
  const absl::Status status = BatchPost(request).status();
  EXPECT_THAT(ViolatedFields(status), ElementsAre("postings"));
}

}  // namespace
}  // namespace clientele::loyalty
