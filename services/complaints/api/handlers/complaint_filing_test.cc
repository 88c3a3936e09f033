#include "services/complaints/api/handlers/complaint_filing.h"

#include "common/status/error.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/complaints/testing/api_fixture.h"

namespace clientele::complaints {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::IsSupersetOf;

class ComplaintFilingTest : public ::testing::Test {
 protected:
  absl::StatusOr<v1::Complaint> File(const v1::FileComplaintRequest& request) {
    call_ = fixture_.Call();
    return fixture_.filing.File(call_, request);
  }

  ApiFixture fixture_;
  rpc::CallContext call_;
};

TEST_F(ComplaintFilingTest, TakesTheTierAndAnswersWhatALaterReadSays) {
  const auto filed = File(MakeFileRequest("c-1"));
  ASSERT_TRUE(filed.ok()) << filed.status();
  EXPECT_EQ(filed->state(), v1::COMPLAINT_STATE_RECEIVED);
  EXPECT_EQ(filed->priority().rank(), 122);
  EXPECT_EQ(filed->priority().tier(), v1::CUSTOMER_TIER_GOLD);
  EXPECT_EQ(filed->customer_verification(), v1::CUSTOMER_VERIFICATION_VERIFIED);
  EXPECT_EQ(filed->complaint_number().size(), 11u);
  EXPECT_EQ(filed->etag(), "v1");
  EXPECT_EQ(filed->SerializeAsString(), fixture_.Get().SerializeAsString());
  EXPECT_EQ(fixture_.told().size(), 1u);
  EXPECT_EQ(fixture_.poke_count(), 1);
}

TEST_F(ComplaintFilingTest, SomebodyWhoIsNotAMemberHasAPlaceOfItsOwn) {
  const auto filed = File(MakeFileRequest("c-3"));
  EXPECT_EQ(filed->priority().tier(), v1::CUSTOMER_TIER_NONE);
  EXPECT_EQ(filed->priority().rank(), 125);
}

TEST_F(ComplaintFilingTest, RefusesACustomerProfileDoesNotKnow) {
  const absl::Status status = File(MakeFileRequest("c-404")).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(GetErrorReason(status), "CUSTOMER_NOT_FOUND");
  EXPECT_THAT(fixture_.Outbox(), IsEmpty());
}

TEST_F(ComplaintFilingTest, AcceptsAndMarksWhenEverybodyIsAway) {
  fixture_.neighbours().SetProfile(Fault::kAway);
  fixture_.neighbours().SetLoyalty(Fault::kAway);
  const auto filed = File(MakeFileRequest("c-1"));
  ASSERT_TRUE(filed.ok()) << filed.status();
  EXPECT_EQ(filed->customer_verification(), v1::CUSTOMER_VERIFICATION_UNVERIFIED);
  EXPECT_EQ(filed->priority().tier(), v1::CUSTOMER_TIER_UNKNOWN);
  rpc::CallContext call = fixture_.Call();
  const auto explanation =
      fixture_.reads.ExplainPriority(call, MakeRequest<v1::ExplainPriorityRequest>());
  ASSERT_TRUE(explanation.ok());
  EXPECT_EQ(explanation->outcome(), "rank 126");
  EXPECT_EQ(explanation->inputs(2).value(), "UNKNOWN");
  EXPECT_THAT(explanation->inputs(2).source(), HasSubstr("could not be asked yet"));
}

TEST_F(ComplaintFilingTest, ARepeatedRequestGetsTheFirstAnswer) {
  v1::FileComplaintRequest request = MakeFileRequest("c-1");
  request.mutable_complaint()->clear_complaint_id();
  request.set_request_id(MakeRequestId(1));
  const auto first = File(request);
  EXPECT_FALSE(call_.replayed);
  // Whatever the others say by now.
  fixture_.neighbours().Forget("c-1");
  const auto second = File(request);
  ASSERT_TRUE(second.ok()) << second.status();
  EXPECT_TRUE(call_.replayed);
  EXPECT_EQ(first->SerializeAsString(), second->SerializeAsString());
  EXPECT_EQ(fixture_.told().size(), 1u);
  EXPECT_EQ(fixture_.Outbox().size(), 1u);
  request.mutable_complaint()->set_severity(1);
  EXPECT_EQ(GetErrorReason(File(request).status()), "REQUEST_ID_REUSED");
}

TEST_F(ComplaintFilingTest, RefusesAnIdTheCustomerHasUsed) {
  ASSERT_TRUE(File(MakeFileRequest("c-1")).ok());
  EXPECT_EQ(GetErrorReason(File(MakeFileRequest("c-1")).status()), "COMPLAINT_ALREADY_EXISTS");
  EXPECT_TRUE(File(MakeFileRequest("c-2")).ok());
}

TEST_F(ComplaintFilingTest, ListsEveryViolationAtOnce) {
  v1::FileComplaintRequest request;
  request.set_request_id("x");
  v1::Complaint& complaint = *request.mutable_complaint();
  complaint.set_complaint_id("UPPER");
  complaint.set_type(static_cast<v1::ComplaintType>(99));
  complaint.set_severity(5);
  complaint.set_language_code("a-");
  complaint.set_subject("two\nlines");
  complaint.set_description(std::string(10'001, 'x'));
  complaint.set_desired_remedy("\x01");
  complaint.add_purchase_ids("p-1");
  complaint.add_concerned_staff_ids("staff-7");
  complaint.add_concerned_staff_ids("staff-7");
  complaint.mutable_occur_time()->set_seconds(2'000'000'000);
  const absl::Status status = File(request).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(ViolatedFields(status),
              IsSupersetOf({"request_id", "complaint.customer_id", "complaint.complaint_id",
                            "complaint.channel", "complaint.type", "complaint.severity",
                            "complaint.language_code", "complaint.subject", "complaint.description",
                            "complaint.desired_remedy", "complaint.purchase_ids[0]",
                            "complaint.concerned_staff_ids[1]", "complaint.occur_time"}));
}

TEST_F(ComplaintFilingTest, CountsTextInCharactersAfterNormalizing) {
  v1::FileComplaintRequest request = MakeFileRequest("c-1");
  std::string subject;
  for (int i = 0; i < 200; ++i) subject += "e\xCC\x81";  // e and a combining acute accent
  request.mutable_complaint()->set_subject(subject);
  const auto filed = File(request);
  ASSERT_TRUE(filed.ok()) << filed.status();
  EXPECT_EQ(filed->subject().size(), 400u);  // 200 times é
}

TEST_F(ComplaintFilingTest, NoTextGetsIntoEvents) {
  ASSERT_TRUE(File(MakeFileRequest("c-1")).ok());
  for (const feed::OutboxEvent& event : fixture_.Outbox()) {
    EXPECT_EQ(event.data.find("SECRET"), std::string::npos);
    EXPECT_EQ(event.subject, "complaint/late");
    EXPECT_EQ(event.type, "clientele.complaints.complaint.filed.v1");
  }
}

}  // namespace
}  // namespace clientele::complaints
