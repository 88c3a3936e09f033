#include "services/complaints/testing/api_fixture.h"

#include "common/status/macros.h"
#include "services/complaints/testing/test_database.h"

namespace clientele::complaints {
namespace {

template <typename Value>
Value OrDie(absl::StatusOr<Value> value) {
  CLIENTELE_CHECK(value.ok());
  return *std::move(value);
}

}  // namespace

ApiFixture::ApiFixture()
    : HandlerFixture(OpenTestDatabase(), Sealing::kOn),
      api_(Parts(), neighbours_.channels(), [this](const Event& event) { told_.push_back(event); }),
      executor_({.attempts_max = 3, .attempt_timeout = absl::Milliseconds(100)}, api_,
                [this](const JobFailure& failure) { job_failures_.push_back(failure); }),
      repair_({.batch_max = 2}, api_,
              [this](const JobFailure& failure) { job_failures_.push_back(failure); }),
      filing(api_),
      reads(api_),
      writes(api_),
      remedies(api_) {
  api_.give_now = [this](const RemedyKey& key, const rpc::CallOptions&) {
    executor_.Attempt(key, rpc::NewCall(absl::Milliseconds(100)));
  };
}

v1::Complaint ApiFixture::File(const std::string& customer_id) {
  rpc::CallContext call = Call();
  return OrDie(filing.File(call, MakeFileRequest(customer_id)));
}

v1::Complaint ApiFixture::Get(const std::string& customer_id) {
  rpc::CallContext call = Call();
  return OrDie(reads.Get(call, MakeRequest<v1::GetComplaintRequest>(customer_id)));
}

std::string ApiFixture::FileWithRemedy(const std::string& customer_id) {
  File(customer_id);
  rpc::CallContext call = Call();
  OrDie(writes.Acknowledge(call, MakeRequest<v1::AcknowledgeComplaintRequest>(customer_id)));
  auto propose = MakeRequest<v1::ProposeRemedyRequest>(customer_id);
  propose.set_kind(v1::REMEDY_KIND_POINTS);
  propose.set_points(500);
  return OrDie(remedies.Propose(call, propose)).remedies(0).remedy_id();
}

absl::StatusOr<v1::Complaint> ApiFixture::Approve(const std::string& remedy_id,
                                                  const std::string& customer_id) {
  rpc::CallContext call = Call(common::v1::REQUEST_ID_RULE_REQUIRED);
  auto approve = MakeRequest<v1::ApproveRemedyRequest>(customer_id);
  approve.set_request_id(MakeRequestId(99));
  approve.set_remedy_id(remedy_id);
  return remedies.Approve(call, approve);
}

std::vector<v1::TimelineEntry> ApiFixture::Timeline(const std::string& customer_id) {
  rpc::CallContext call = Call();
  auto request = MakeRequest<v1::ListTimelineRequest>(customer_id);
  request.set_page_size(500);
  const v1::ListTimelineResponse response = OrDie(reads.ListTimeline(call, request));
  return {response.entries().begin(), response.entries().end()};
}

v1::FileComplaintRequest MakeFileRequest(const std::string& customer_id) {
  v1::FileComplaintRequest request;
  v1::Complaint& complaint = *request.mutable_complaint();
  complaint.set_customer_id(customer_id);
  complaint.set_complaint_id("late");
  complaint.set_channel(v1::COMPLAINT_CHANNEL_EMAIL);
  complaint.set_type(v1::COMPLAINT_TYPE_DELIVERY);
  complaint.set_severity(2);
  complaint.set_language_code("zh-Hans");
  complaint.set_subject("SECRET-SUBJECT");
  complaint.set_description("SECRET-DESCRIPTION\nof two lines");
  complaint.set_desired_remedy("SECRET-WISH");
  complaint.add_purchase_ids("0190a0a0-0000-5000-8000-000000000001");
  complaint.add_concerned_staff_ids("staff-7");
  return request;
}

}  // namespace clientele::complaints
