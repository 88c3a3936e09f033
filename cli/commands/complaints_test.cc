#include "cli/commands/complaints.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "cli/testing/command_run.h"
#include "cli/testing/fake_server.h"
#include "clientele/complaints/v1/complaint_service.grpc.pb.h"
#include "gmock/gmock.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"

namespace clientele::cli {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

namespace pb = clientele::complaints::v1;

constexpr char kComplaint[] = R"(
    customer_id: "c-1" complaint_id: "late" complaint_number: "7K3QZ-M0XWD"
    type: COMPLAINT_TYPE_DELIVERY severity: 2 safety: true subject: "the parcel"
    state: COMPLAINT_STATE_ACKNOWLEDGED priority { rank: 21 tier: CUSTOMER_TIER_PLATINUM }
    remedies { remedy_id: "r-1" kind: REMEDY_KIND_POINTS points: 1500
               state: REMEDY_STATE_EXECUTED ledger_transaction_id: "t-1" })";

// Answers the same complaint to everything and keeps the last request as text.
class FakeComplaints final : public pb::ComplaintService::Service {
 public:
  template <typename Request>
  grpc::Status Answer(Request request, pb::Complaint* complaint) {
    Keep(request);
    google::protobuf::TextFormat::ParseFromString(kComplaint, complaint);
    return grpc::Status::OK;
  }
  template <typename Request>
  void Keep(Request request) {
    if constexpr (requires { request.clear_request_id(); }) {
      request_id = request.request_id();
      EXPECT_EQ(request_id.size(), 36);
      request.clear_request_id();
    }
    google::protobuf::TextFormat::Printer printer;
    printer.SetSingleLineMode(true);
    printer.PrintToString(request, &text);
  }

  grpc::Status FileComplaint(grpc::ServerContext*, const pb::FileComplaintRequest* request,
                             pb::Complaint* complaint) override {
    return Answer(*request, complaint);
  }
  grpc::Status GetComplaint(grpc::ServerContext*, const pb::GetComplaintRequest* request,
                            pb::Complaint* complaint) override {
    return Answer(*request, complaint);
  }
  grpc::Status LookupComplaint(grpc::ServerContext*, const pb::LookupComplaintRequest* request,
                               pb::Complaint* complaint) override {
    if (request->complaint_number() != "7K3QZ-M0XWD") {
      return NamedError(absl::StatusCode::kNotFound, "COMPLAINT_NOT_FOUND", "there is none");
    }
    return Answer(*request, complaint);
  }
  grpc::Status ListComplaints(grpc::ServerContext*, const pb::ListComplaintsRequest* request,
                              pb::ListComplaintsResponse* response) override {
    return Answer(*request, response->add_complaints());
  }
  grpc::Status AcknowledgeComplaint(grpc::ServerContext*,
                                    const pb::AcknowledgeComplaintRequest* request,
                                    pb::Complaint* complaint) override {
    return Answer(*request, complaint);
  }
  grpc::Status AssignComplaint(grpc::ServerContext*, const pb::AssignComplaintRequest* request,
                               pb::Complaint* complaint) override {
    return Answer(*request, complaint);
  }
  grpc::Status AddMessage(grpc::ServerContext*, const pb::AddMessageRequest* request,
                          pb::TimelineEntry* entry) override {
    Keep(*request);
    entry->set_text(request->text());
    return grpc::Status::OK;
  }
  grpc::Status AddNote(grpc::ServerContext*, const pb::AddNoteRequest* request,
                       pb::TimelineEntry* entry) override {
    Keep(*request);
    entry->set_text(request->text());
    return grpc::Status::OK;
  }
  grpc::Status ProposeRemedy(grpc::ServerContext*, const pb::ProposeRemedyRequest* request,
                             pb::Complaint* complaint) override {
    return Answer(*request, complaint);
  }
  grpc::Status ApproveRemedy(grpc::ServerContext*, const pb::ApproveRemedyRequest* request,
                             pb::Complaint* complaint) override {
    return Answer(*request, complaint);
  }
  grpc::Status ResolveComplaint(grpc::ServerContext*, const pb::ResolveComplaintRequest* request,
                                pb::Complaint* complaint) override {
    return Answer(*request, complaint);
  }
  grpc::Status CloseComplaint(grpc::ServerContext*, const pb::CloseComplaintRequest* request,
                              pb::Complaint* complaint) override {
    return Answer(*request, complaint);
  }
  grpc::Status ReopenComplaint(grpc::ServerContext*, const pb::ReopenComplaintRequest* request,
                               pb::Complaint* complaint) override {
    return Answer(*request, complaint);
  }
  grpc::Status ListTimeline(grpc::ServerContext*, const pb::ListTimelineRequest* request,
                            pb::ListTimelineResponse* response) override {
    Keep(*request);
    pb::TimelineEntry& entry = *response->add_entries();
    entry.set_entry_number(1);
    entry.set_kind(pb::TIMELINE_KIND_STATE_CHANGED);
    entry.set_state(pb::COMPLAINT_STATE_ACKNOWLEDGED);
    return grpc::Status::OK;
  }
  grpc::Status ExplainPriority(grpc::ServerContext*, const pb::ExplainPriorityRequest* request,
                               clientele::common::v1::Explanation* explanation) override {
    Keep(*request);
    explanation->set_outcome("rank 21");
    auto& input = *explanation->add_inputs();
    input.set_name("tier");
    input.set_value("PLATINUM");
    input.set_source("loyalty");
    return grpc::Status::OK;
  }

  std::string text;
  std::string request_id;
};

class ComplaintsTest : public testing::Test {
 protected:
  CommandResult Complaints(const std::vector<std::string>& more) {
    std::vector<std::string> arguments = {"complaints"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return RunClientele({{kComplaints, server_.address()}}, arguments);
  }

  FakeComplaints complaints_;
  FakeServer server_{{&complaints_}};
};

TEST_F(ComplaintsTest, FilesWhatTheFlagsSay) {
  const CommandResult result =
      Complaints({"file", "c-1", "--type", "delivery", "--subject", "the parcel", "--severity", "2",
                  "--safety", "--channel", "in-person", "--staff", "staff-7", "--staff", "staff-8",
                  "--occur-time", "2024-05-01"});
  EXPECT_EQ(result.exit_code, kExitOk) << result.err;
  EXPECT_EQ(complaints_.text,
            R"(complaint { customer_id: "c-1" channel: COMPLAINT_CHANNEL_IN_PERSON )"
            R"(type: COMPLAINT_TYPE_DELIVERY severity: 2 safety: true subject: "the parcel" )"
            R"(concerned_staff_ids: "staff-7" concerned_staff_ids: "staff-8" )"
            R"(occur_time { seconds: 1714521600 } } )");
  EXPECT_THAT(result.out, AllOf(HasSubstr("7K3QZ-M0XWD"), HasSubstr("platinum"), HasSubstr("2!"),
                                HasSubstr("1,500"), HasSubstr("t-1")));
}

TEST_F(ComplaintsTest, TakesAComplaintByNumberOrByCustomerAndId) {
  EXPECT_EQ(Complaints({"ack", "7K3QZ-M0XWD"}).exit_code, kExitOk);
  EXPECT_EQ(complaints_.text, R"(customer_id: "c-1" complaint_id: "late" )");
  EXPECT_EQ(Complaints({"close", "c-9/lost", "--etag", "v3"}).exit_code, kExitOk);
  EXPECT_EQ(complaints_.text, R"(customer_id: "c-9" complaint_id: "lost" etag: "v3" )");
  const CommandResult unknown = Complaints({"ack", "00000-00000"});
  EXPECT_EQ(unknown.exit_code, kExitError);
  EXPECT_THAT(unknown.err, HasSubstr("there is none"));
}

TEST_F(ComplaintsTest, SendsWhatEachVerbNeeds) {
  const auto sent = [this](const std::vector<std::string>& arguments) {
    const CommandResult result = Complaints(arguments);
    EXPECT_EQ(result.exit_code, kExitOk) << result.err;
    return complaints_.text;
  };
  const std::string target = R"(customer_id: "c-1" complaint_id: "late" )";
  EXPECT_EQ(sent({"assign", "c-1/late", "staff-2"}), target + R"(assignee_id: "staff-2" )");
  EXPECT_EQ(sent({"message", "c-1/late", "where?"}), target + R"(text: "where?" )");
  EXPECT_EQ(sent({"message", "c-1/late", "soon", "--out"}),
            target + R"(outgoing: true text: "soon" )");
  EXPECT_EQ(sent({"message", "c-1/late", "hm", "--note"}), target + R"(text: "hm" )");
  EXPECT_EQ(sent({"resolve", "c-1/late", "--finding", "partly-upheld", "--relief", "none", "--text",
                  "sorry"}),
            target + R"(finding: COMPLAINT_FINDING_PARTLY_UPHELD )"
                     R"(relief: COMPLAINT_RELIEF_NONE resolution: "sorry" )");
  EXPECT_EQ(sent({"reopen", "c-1/late", "--reason", "again"}), target + R"(reason: "again" )");
  EXPECT_EQ(sent({"remedy", "propose", "c-1/late", "--points", "500"}),
            target + R"(kind: REMEDY_KIND_POINTS points: 500 )");
  EXPECT_EQ(sent({"remedy", "approve", "c-1/late", "r-1"}), target + R"(remedy_id: "r-1" )");
  EXPECT_EQ(sent({"remedy", "propose", "c-1/late", "--points", "500", "--approve"}),
            target + R"(remedy_id: "r-1" )");
}

TEST_F(ComplaintsTest, SendsWhatIsOnlyToBeChecked) {
  const std::vector<std::vector<std::string>> verbs = {
      {"file", "c-1", "--type", "price", "--subject", "s"},
      {"ack", "c-1/late"},
      {"assign", "c-1/late", "staff-2"},
      {"remedy", "propose", "c-1/late", "--points", "5"},
      {"remedy", "approve", "c-1/late", "r-1"},
      {"resolve", "c-1/late", "--finding", "upheld", "--relief", "none"},
      {"close", "c-1/late"},
      {"reopen", "c-1/late", "--reason", "again"}};
  for (std::vector<std::string> verb : verbs) {
    verb.emplace_back("--validate-only");
    EXPECT_EQ(Complaints(verb).exit_code, kExitOk) << verb[0];
    EXPECT_THAT(complaints_.text, HasSubstr("validate_only: true")) << verb[0];
  }
}

TEST_F(ComplaintsTest, ApprovesUnderTheSameIdWhenTheProposalIsRepeated) {
  const auto approval_id = [this](const std::string& request_id) {
    Complaints({"remedy", "propose", "c-1/late", "--points", "5", "--approve", "--request-id",
                request_id});
    return complaints_.request_id;
  };
  const std::string one = "018f0000-0000-7000-8000-000000000001";
  EXPECT_EQ(approval_id(one), approval_id(one));
  EXPECT_NE(approval_id(one), one);
  EXPECT_NE(approval_id(one), approval_id("018f0000-0000-7000-8000-000000000002"));
}

TEST_F(ComplaintsTest, ListsTheMostUrgentFirst) {
  const CommandResult result =
      Complaints({"list", "--by-priority", "--filter", "state = RECEIVED"});
  EXPECT_THAT(result.out, AllOf(HasSubstr("7K3QZ-M0XWD"), HasSubstr("acknowledged")));
  EXPECT_EQ(complaints_.text, R"(filter: "state = RECEIVED" order_by: "priority" )");
  EXPECT_EQ(Complaints({"list", "c-1", "--json"}).Json()["complaints"][0]["priority"]["rank"], 21);
}

TEST_F(ComplaintsTest, ShowsAComplaintWhole) {
  const CommandResult result = Complaints({"show", "7K3QZ-M0XWD"});
  EXPECT_EQ(result.exit_code, kExitOk) << result.err;
  EXPECT_THAT(result.out, AllOf(HasSubstr("the parcel"), HasSubstr("tier PLATINUM (loyalty)"),
                                HasSubstr("state-changed"), HasSubstr("executed")));
  const auto json = Complaints({"show", "c-1/late", "--json"}).Json();
  EXPECT_EQ(json["complaint"]["complaint_number"], "7K3QZ-M0XWD");
  EXPECT_EQ(json["timeline"][0]["entry_number"], 1);
  EXPECT_EQ(json["priority"]["outcome"], "rank 21");
}

TEST_F(ComplaintsTest, WrongFlagsAreUsageErrors) {
  EXPECT_EQ(Complaints({"file", "c-1"}).exit_code, kExitUsage);
  EXPECT_EQ(Complaints({"file", "c-1", "--type", "x", "--subject", "s"}).exit_code, kExitUsage);
  EXPECT_EQ(
      Complaints({"file", "c-1", "--type", "price", "--subject", "s", "--severity", "5"}).exit_code,
      kExitUsage);
  EXPECT_EQ(Complaints({"message", "c-1/late", "x", "--out", "--note"}).exit_code, kExitUsage);
  EXPECT_EQ(Complaints({"resolve", "c-1/late", "--finding", "upheld"}).exit_code, kExitUsage);
  EXPECT_EQ(Complaints({"remedy", "propose", "c-1/late", "--points", "-5"}).exit_code, kExitUsage);
  EXPECT_EQ(
      Complaints({"remedy", "propose", "c-1/late", "--points", "5", "--approve", "--validate-only"})
          .exit_code,
      kExitUsage);
}

}  // namespace
}  // namespace clientele::cli
