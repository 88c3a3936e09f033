// What a write with validate_only answers, and that it does nothing else.

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/status/error.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/complaints/testing/api_fixture.h"

namespace clientele::complaints {
namespace {

// Everything that a write can leave behind.
struct Traces {
  std::string complaint;
  size_t entries = 0;
  size_t outbox = 0;
  size_t told = 0;
  int pokes = 0;
  int ledger_calls = 0;

  bool operator==(const Traces&) const = default;
};

// `meant` without what `would_be` need not know: names that only a write gives.
v1::Complaint WithoutNewNames(v1::Complaint meant, const v1::Complaint& would_be) {
  meant.clear_etag();
  if (would_be.complaint_number().empty()) {
    meant.clear_complaint_number();
  }
  for (int i = 0; i < would_be.remedies_size(); ++i) {
    if (would_be.remedies(i).remedy_id().empty()) {
      meant.mutable_remedies(i)->clear_remedy_id();
    }
  }
  return meant;
}

class ValidateOnlyTest : public ::testing::Test {
 protected:
  Traces TracesNow() {
    rpc::CallContext call = fixture_.Call();
    const auto found = fixture_.reads.Get(call, MakeRequest<v1::GetComplaintRequest>());
    Traces traces{.outbox = fixture_.Outbox().size(),
                  .told = fixture_.told().size(),
                  .pokes = fixture_.poke_count(),
                  .ledger_calls = fixture_.neighbours().ledger_call_count()};
    if (found.ok()) {
      traces.complaint = found->SerializeAsString();
      traces.entries = fixture_.Timeline().size();
    }
    return traces;
  }

  template <typename Handler, typename Request>
  using Method = absl::StatusOr<v1::Complaint> (Handler::*)(rpc::CallContext&,
                                                            const Request&) const;

  // Makes a request that is only validated; fails when it leaves a trace.
  template <typename Handler, typename Request>
  absl::StatusOr<v1::Complaint> Validate(const Handler& handler, Method<Handler, Request> method,
                                         Request request) {
    const Traces before = TracesNow();
    request.set_validate_only(true);
    call_ = fixture_.Call();
    absl::StatusOr<v1::Complaint> answer = (handler.*method)(call_, request);
    EXPECT_TRUE(TracesNow() == before) << request.GetTypeName();
    return answer;
  }

  // Validates a request, makes it, and validates it once more, all with one request_id; answers
  // what would be.
  template <typename Handler, typename Request>
  v1::Complaint ValidateAndDo(const Handler& handler, Method<Handler, Request> method,
                              Request request) {
    SCOPED_TRACE(request.GetTypeName());
    request.set_request_id(MakeRequestId(++request_count_));
    const auto would_be = Validate(handler, method, request);
    EXPECT_EQ(would_be.status(), absl::OkStatus());
    EXPECT_FALSE(call_.replayed);

    call_ = fixture_.Call();
    const auto meant = (handler.*method)(call_, request);
    EXPECT_EQ(meant.status(), absl::OkStatus());
    EXPECT_FALSE(call_.replayed);
    EXPECT_EQ(would_be->SerializeAsString(),
              WithoutNewNames(*meant, *would_be).SerializeAsString());

    EXPECT_EQ(Validate(handler, method, request)->SerializeAsString(), meant->SerializeAsString());
    EXPECT_TRUE(call_.replayed);
    return *would_be;
  }

  ApiFixture fixture_;
  rpc::CallContext call_;
  int request_count_ = 0;
};

TEST_F(ValidateOnlyTest, EveryVerbAnswersWhatItWouldDoAndDoesNothing) {
  const ComplaintWrites& writes = fixture_.writes;
  ValidateAndDo(fixture_.filing, &ComplaintFiling::File, MakeFileRequest("c-1"));
  ValidateAndDo(writes, &ComplaintWrites::Acknowledge,
                MakeRequest<v1::AcknowledgeComplaintRequest>());
  auto assign = MakeRequest<v1::AssignComplaintRequest>();
  assign.set_assignee_id("staff-8");
  EXPECT_EQ(ValidateAndDo(writes, &ComplaintWrites::Assign, assign).assignee_id(), "staff-8");

  auto propose = MakeRequest<v1::ProposeRemedyRequest>();
  propose.set_kind(v1::REMEDY_KIND_APOLOGY);
  EXPECT_EQ(ValidateAndDo(fixture_.remedies, &RemedyWrites::Propose, propose).remedies_size(), 1);
  auto approve = MakeRequest<v1::ApproveRemedyRequest>();
  approve.set_remedy_id(fixture_.Get().remedies(0).remedy_id());
  EXPECT_EQ(ValidateAndDo(fixture_.remedies, &RemedyWrites::Approve, approve).remedies(0).state(),
            v1::REMEDY_STATE_EXECUTED);

  auto resolve = MakeRequest<v1::ResolveComplaintRequest>();
  resolve.set_finding(v1::COMPLAINT_FINDING_UPHELD);
  resolve.set_relief(v1::COMPLAINT_RELIEF_MONETARY);
  ValidateAndDo(writes, &ComplaintWrites::Resolve, resolve);
  ValidateAndDo(writes, &ComplaintWrites::Close, MakeRequest<v1::CloseComplaintRequest>());
  auto reopen = MakeRequest<v1::ReopenComplaintRequest>();
  reopen.set_reason("again");
  EXPECT_EQ(ValidateAndDo(writes, &ComplaintWrites::Reopen, reopen).state(),
            v1::COMPLAINT_STATE_REOPENED);
}

TEST_F(ValidateOnlyTest, NamesNothingThatIsNotThere) {
  v1::FileComplaintRequest file = MakeFileRequest("c-1");
  const auto named = Validate(fixture_.filing, &ComplaintFiling::File, file);
  EXPECT_EQ(named->complaint_id(), "late");
  EXPECT_EQ(named->complaint_number(), "");
  EXPECT_EQ(named->etag(), "");
  EXPECT_EQ(named->priority().rank(), 122);
  file.mutable_complaint()->clear_complaint_id();
  EXPECT_EQ(Validate(fixture_.filing, &ComplaintFiling::File, file)->complaint_id(), "");

  fixture_.FileWithRemedy();
  auto propose = MakeRequest<v1::ProposeRemedyRequest>();
  propose.set_kind(v1::REMEDY_KIND_APOLOGY);
  const auto proposed = Validate(fixture_.remedies, &RemedyWrites::Propose, propose);
  EXPECT_EQ(proposed->remedies_size(), 2);
  EXPECT_EQ(proposed->remedies(1).remedy_id(), "");
  EXPECT_EQ(proposed->remedies(1).state(), v1::REMEDY_STATE_PROPOSED);
}

TEST_F(ValidateOnlyTest, GivesNoPoints) {
  auto approve = MakeRequest<v1::ApproveRemedyRequest>();
  approve.set_remedy_id(fixture_.FileWithRemedy());
  approve.set_request_id(MakeRequestId(99));
  EXPECT_EQ(Validate(fixture_.remedies, &RemedyWrites::Approve, approve)->remedies(0).state(),
            v1::REMEDY_STATE_APPROVED);
  fixture_.executor().RunDue();
  EXPECT_EQ(fixture_.neighbours().ledger_call_count(), 0);

  // Nor does it help those along that are on their way.
  fixture_.neighbours().SetLoyalty(Fault::kAway);
  ASSERT_TRUE(fixture_.Approve(approve.remedy_id()).ok());
  EXPECT_EQ(Validate(fixture_.remedies, &RemedyWrites::Approve, approve)->remedies(0).state(),
            v1::REMEDY_STATE_APPROVED);
  EXPECT_TRUE(call_.replayed);
}

TEST_F(ValidateOnlyTest, MakesTheSameChecksInTheSameOrder) {
  const auto acknowledge = [this](const std::string& etag, const std::string& request_id) {
    auto request = MakeRequest<v1::AcknowledgeComplaintRequest>();
    request.set_etag(etag);
    request.set_request_id(request_id);
    return GetErrorReason(
        Validate(fixture_.writes, &ComplaintWrites::Acknowledge, request).status());
  };
  EXPECT_EQ(
      GetErrorReason(
          Validate(fixture_.filing, &ComplaintFiling::File, MakeFileRequest("c-404")).status()),
      "CUSTOMER_NOT_FOUND");
  EXPECT_EQ(acknowledge("", "x"), "INVALID_ARGUMENT");
  EXPECT_EQ(acknowledge("v9", ""), "COMPLAINT_NOT_FOUND");
  fixture_.FileWithRemedy();
  EXPECT_EQ(acknowledge("v9", ""), "ETAG_MISMATCH");
  EXPECT_EQ(acknowledge("", ""), "COMPLAINT_STATE");
  auto assign = MakeRequest<v1::AssignComplaintRequest>();
  assign.set_request_id(MakeRequestId(1));
  assign.set_assignee_id("staff-8");
  call_ = fixture_.Call();
  ASSERT_TRUE(fixture_.writes.Assign(call_, assign).ok());
  EXPECT_EQ(acknowledge("v9", MakeRequestId(1)), "REQUEST_ID_REUSED");
}

}  // namespace
}  // namespace clientele::complaints
