#include "services/complaints/api/handlers/complaint_writes.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/status/error.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/complaints/testing/api_fixture.h"

namespace clientele::complaints {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class ComplaintWritesTest : public ::testing::Test {
 protected:
  absl::StatusOr<v1::Complaint> Acknowledge(const std::string& etag = "") {
    auto request = MakeRequest<v1::AcknowledgeComplaintRequest>();
    request.set_etag(etag);
    return fixture_.writes.Acknowledge(call_, request);
  }
  absl::StatusOr<v1::Complaint> Resolve() {
    auto request = MakeRequest<v1::ResolveComplaintRequest>();
    request.set_finding(v1::COMPLAINT_FINDING_UPHELD);
    request.set_relief(v1::COMPLAINT_RELIEF_NON_MONETARY);
    request.set_resolution("SECRET-RESOLUTION");
    return fixture_.writes.Resolve(call_, request);
  }
  absl::StatusOr<v1::Complaint> Close() {
    return fixture_.writes.Close(call_, MakeRequest<v1::CloseComplaintRequest>());
  }
  absl::StatusOr<v1::Complaint> Reopen() {
    auto request = MakeRequest<v1::ReopenComplaintRequest>();
    request.set_reason("SECRET-REASON");
    return fixture_.writes.Reopen(call_, request);
  }
  absl::StatusOr<v1::ListComplaintsResponse> List(const std::string& filter,
                                                  const std::string& order_by = "",
                                                  const std::string& token = "") {
    v1::ListComplaintsRequest request;
    request.set_filter(filter);
    request.set_order_by(order_by);
    request.set_page_size(1);
    request.set_page_token(token);
    return fixture_.reads.List(call_, request);
  }

  ApiFixture fixture_;
  rpc::CallContext call_ = fixture_.Call();
};

TEST_F(ComplaintWritesTest, GoesThroughItsWholeLife) {
  fixture_.File();
  EXPECT_EQ(Acknowledge()->state(), v1::COMPLAINT_STATE_ACKNOWLEDGED);
  EXPECT_EQ(Resolve()->state(), v1::COMPLAINT_STATE_RESOLVED);
  EXPECT_EQ(Close()->state(), v1::COMPLAINT_STATE_CLOSED);
  const auto reopened = Reopen();
  EXPECT_EQ(reopened->state(), v1::COMPLAINT_STATE_REOPENED);
  EXPECT_EQ(reopened->reopen_count(), 1);
  EXPECT_EQ(reopened->finding(), v1::COMPLAINT_FINDING_UPHELD);
  const auto resolved = Resolve();
  EXPECT_EQ(resolved->SerializeAsString(), fixture_.Get().SerializeAsString());
  EXPECT_EQ(fixture_.Get().etag(), "v6");
  std::vector<std::string> moves;
  for (const v1::TimelineEntry& entry : fixture_.Timeline()) {
    moves.push_back(absl::StrCat(entry.entry_number(), " ", v1::ComplaintState_Name(entry.state()),
                                 " ", entry.actor()));
  }
  EXPECT_THAT(
      moves, ElementsAre("1 COMPLAINT_STATE_RECEIVED local", "2 COMPLAINT_STATE_ACKNOWLEDGED local",
                         "3 COMPLAINT_STATE_RESOLVED local", "4 COMPLAINT_STATE_CLOSED local",
                         "5 COMPLAINT_STATE_REOPENED local", "6 COMPLAINT_STATE_RESOLVED local"));
  EXPECT_EQ(fixture_.Outbox().size(), 6u);
}

TEST_F(ComplaintWritesTest, ReplayComesBeforeExistenceThenEtagThenState) {
  EXPECT_EQ(GetErrorReason(Acknowledge().status()), "COMPLAINT_NOT_FOUND");
  fixture_.File();
  auto request = MakeRequest<v1::AcknowledgeComplaintRequest>();
  request.set_request_id(MakeRequestId(7));
  request.set_etag("v1");
  const auto first = fixture_.writes.Acknowledge(call_, request);
  ASSERT_TRUE(first.ok()) << first.status();
  const auto again = fixture_.writes.Acknowledge(call_, request);
  EXPECT_TRUE(call_.replayed);
  EXPECT_EQ(again->SerializeAsString(), first->SerializeAsString());
  EXPECT_EQ(GetErrorReason(Acknowledge("v1").status()), "ETAG_MISMATCH");
  EXPECT_EQ(GetErrorReason(Acknowledge("v2").status()), "COMPLAINT_STATE");
  EXPECT_EQ(GetErrorDetails(Acknowledge().status())->metadata.at("verb"), "ACKNOWLEDGE");
}

TEST_F(ComplaintWritesTest, NobodyComplainedAboutBecomesTheAssignee) {
  fixture_.File();
  auto request = MakeRequest<v1::AssignComplaintRequest>();
  request.set_assignee_id("staff-7");
  EXPECT_EQ(GetErrorReason(fixture_.writes.Assign(call_, request).status()),
            "CONFLICT_OF_INTEREST");
  request.set_assignee_id("staff-8");
  EXPECT_EQ(fixture_.writes.Assign(call_, request)->assignee_id(), "staff-8");
  EXPECT_EQ(fixture_.Timeline().back().assignee_id(), "staff-8");
}

TEST_F(ComplaintWritesTest, MessagesAndNotesAreInTheTimelineOnly) {
  fixture_.File();
  auto message = MakeRequest<v1::AddMessageRequest>();
  message.set_text("SECRET-MESSAGE");
  message.set_outgoing(true);
  message.mutable_occur_time()->set_seconds(1'300'000'000);
  const auto entry = fixture_.writes.AddMessage(call_, message);
  ASSERT_TRUE(entry.ok()) << entry.status();
  EXPECT_EQ(entry->kind(), v1::TIMELINE_KIND_MESSAGE_OUT);
  EXPECT_EQ(entry->occur_time().seconds(), 1'300'000'000);
  auto note = MakeRequest<v1::AddNoteRequest>();
  note.set_text("SECRET-NOTE");
  EXPECT_EQ(fixture_.writes.AddNote(call_, note)->entry_number(), 3);
  EXPECT_EQ(fixture_.Timeline().back().SerializeAsString(),
            fixture_.Timeline().at(2).SerializeAsString());
  EXPECT_EQ(fixture_.Get().etag(), "v1");
  EXPECT_EQ(fixture_.Outbox().size(), 1u);
}

TEST_F(ComplaintWritesTest, NoTextGetsIntoEvents) {
  fixture_.File();
  ASSERT_TRUE(Acknowledge().ok() && Resolve().ok() && Reopen().ok());
  for (const feed::OutboxEvent& event : fixture_.Outbox()) {
    EXPECT_EQ(event.data.find("SECRET"), std::string::npos) << event.type;
  }
}

TEST_F(ComplaintWritesTest, EveryVerbListsEveryViolation) {
  const auto fields = [](const absl::Status& status) { return ViolatedFields(status); };
  v1::ResolveComplaintRequest resolve;
  resolve.set_request_id("x");
  resolve.set_etag("x");
  EXPECT_THAT(
      fields(fixture_.writes.Resolve(call_, resolve).status()),
      ElementsAre("request_id", "customer_id", "complaint_id", "etag", "finding", "relief"));
  v1::AddMessageRequest message;
  message.mutable_occur_time()->set_nanos(-1);
  EXPECT_THAT(fields(fixture_.writes.AddMessage(call_, message).status()),
              ElementsAre("customer_id", "complaint_id", "text", "occur_time"));
  EXPECT_THAT(fields(fixture_.writes.AddNote(call_, {}).status()),
              ElementsAre("customer_id", "complaint_id", "text"));
  EXPECT_THAT(fields(fixture_.writes.Assign(call_, {}).status()),
              ElementsAre("customer_id", "complaint_id", "assignee_id"));
  EXPECT_THAT(fields(fixture_.writes.Reopen(call_, {}).status()),
              ElementsAre("customer_id", "complaint_id", "reason"));
  EXPECT_THAT(fields(fixture_.writes.Close(call_, {}).status()),
              ElementsAre("customer_id", "complaint_id"));
  v1::ProposeRemedyRequest propose;
  propose.set_points(5);
  EXPECT_THAT(fields(fixture_.remedies.Propose(call_, propose).status()),
              ElementsAre("customer_id", "complaint_id", "kind", "points"));
  auto points = MakeRequest<v1::ProposeRemedyRequest>();
  points.set_kind(v1::REMEDY_KIND_POINTS);
  points.set_points(100'001);
  EXPECT_THAT(fields(fixture_.remedies.Propose(call_, points).status()), ElementsAre("points"));
  rpc::CallContext required = fixture_.Call(common::v1::REQUEST_ID_RULE_REQUIRED);
  EXPECT_THAT(fields(fixture_.remedies.Approve(required, {}).status()),
              ElementsAre("request_id", "customer_id", "complaint_id", "remedy_id"));
}

TEST_F(ComplaintWritesTest, ReadsListEveryViolation) {
  v1::GetComplaintRequest get;
  get.set_min_etag("x");
  EXPECT_THAT(ViolatedFields(fixture_.reads.Get(call_, get).status()),
              ElementsAre("customer_id", "complaint_id", "min_etag"));
  v1::LookupComplaintRequest lookup;
  lookup.set_complaint_number("7K3QZ-M0XWA");
  EXPECT_THAT(ViolatedFields(fixture_.reads.Lookup(call_, lookup).status()),
              ElementsAre("complaint_number"));
  v1::ListComplaintsRequest list;
  list.set_customer_id("X");
  list.set_order_by("severity");
  list.set_page_size(-1);
  list.set_filter("subject = x");
  list.set_page_token("x");
  EXPECT_THAT(ViolatedFields(fixture_.reads.List(call_, list).status()),
              ElementsAre("customer_id", "order_by", "page_size", "filter", "page_token"));
  EXPECT_EQ(GetErrorReason(List("subject = x").status()), "INVALID_FILTER");
  EXPECT_EQ(GetErrorReason(List("", "", "x").status()), "INVALID_PAGE_TOKEN");
  EXPECT_THAT(ViolatedFields(fixture_.reads.ListTimeline(call_, {}).status()),
              ElementsAre("customer_id", "complaint_id"));
  EXPECT_THAT(ViolatedFields(fixture_.reads.ExplainPriority(call_, {}).status()),
              ElementsAre("customer_id", "complaint_id"));
}

TEST_F(ComplaintWritesTest, FindsAComplaintByItsNumber) {
  const std::string number = fixture_.File().complaint_number();
  v1::LookupComplaintRequest lookup;
  lookup.set_complaint_number(number);
  EXPECT_EQ(fixture_.reads.Lookup(call_, lookup)->complaint_number(), number);
  lookup.set_complaint_number("00000-00000");
  EXPECT_EQ(GetErrorReason(fixture_.reads.Lookup(call_, lookup).status()), "COMPLAINT_NOT_FOUND");
}

TEST_F(ComplaintWritesTest, ListsWhatTheFilterAsksForPageByPage) {
  for (const char* customer : {"c-3", "c-1", "c-2"}) fixture_.File(customer);
  std::vector<std::string> customers;
  std::string token;
  do {
    const auto page = List("state = RECEIVED AND safety = false", "priority", token);
    ASSERT_TRUE(page.ok()) << page.status();
    for (const v1::Complaint& complaint : page->complaints()) {
      customers.push_back(complaint.customer_id());
    }
    token = page->next_page_token();
  } while (!token.empty());
  EXPECT_THAT(customers, ElementsAre("c-1", "c-2", "c-3"));
  EXPECT_EQ(List("tier = NONE")->complaints(0).customer_id(), "c-3");
  EXPECT_THAT(List("acknowledge_time > 2000-01-01T00:00:00Z")->complaints(), IsEmpty());
  EXPECT_THAT(List("severity < 2")->complaints(), IsEmpty());
}

}  // namespace
}  // namespace clientele::complaints
