#include "tests/support/complaint_load.h"

#include <utility>

#include "absl/strings/str_cat.h"

namespace clientele::history {
namespace {

using complaints::v1::Complaint;
using complaints::v1::ComplaintService;

// A request about a complaint, with a request_id of its own.
template <typename Request>
Request About(const Complaint& complaint, Random& random) {
  Request request;
  request.set_request_id(DrawUuid(random));
  request.set_customer_id(complaint.customer_id());
  request.set_complaint_id(complaint.complaint_id());
  return request;
}

complaints::v1::FileComplaintRequest Filing(const std::string& customer_id, Random& random) {
  complaints::v1::FileComplaintRequest request;
  request.set_request_id(DrawUuid(random));
  Complaint& complaint = *request.mutable_complaint();
  complaint.set_customer_id(customer_id);
  complaint.set_complaint_id(DrawUuid(random));
  complaint.set_channel(complaints::v1::COMPLAINT_CHANNEL_WEB);
  complaint.set_type(complaints::v1::COMPLAINT_TYPE_DELIVERY);
  complaint.set_severity(2);
  complaint.set_subject("late");
  return request;
}

complaints::v1::ResolveComplaintRequest Resolution(const Complaint& complaint, Random& random) {
  auto request = About<complaints::v1::ResolveComplaintRequest>(complaint, random);
  request.set_finding(complaints::v1::COMPLAINT_FINDING_UPHELD);
  request.set_relief(complaints::v1::COMPLAINT_RELIEF_NON_MONETARY);
  return request;
}

}  // namespace

ComplaintLoad::ComplaintLoad(const Target& target, std::vector<std::string> customer_ids,
                             Failures& failures)
    : replicas_(target), customer_ids_(std::move(customer_ids)), failures_(failures) {}

int64_t ComplaintLoad::Call(Random& random) {
  return random() % 2 == 0 ? Handle(random) : Read(random);
}

// Each step at any replica; the first that fails is the last.
int64_t ComplaintLoad::Handle(Random& random) {
  using Stub = ComplaintService::Stub;
  int64_t calls = 0;
  const auto step = [&](auto method, const auto& request) {
    Interval unused;
    auto answer = TimedCall<Complaint>(replicas_.Choose(random), method, request, unused);
    ++calls;
    if (!answer.ok()) {
      failures_.Add(absl::StrCat(request.GetTypeName(), ": ", answer.status().ToString()));
      return false;
    }
    std::lock_guard<std::mutex> lock(mutex_);
    told_[answer->complaint_id()] = *std::move(answer);
    return true;
  };
  const auto filing = Filing(customer_ids_[random() % customer_ids_.size()], random);
  const Complaint& complaint = filing.complaint();
  step(&Stub::FileComplaint, filing) &&
      step(&Stub::AcknowledgeComplaint,
           About<complaints::v1::AcknowledgeComplaintRequest>(complaint, random)) &&
      step(&Stub::ResolveComplaint, Resolution(complaint, random)) &&
      step(&Stub::CloseComplaint, About<complaints::v1::CloseComplaintRequest>(complaint, random));
  return calls;
}

int64_t ComplaintLoad::Read(Random& random) {
  complaints::v1::ListComplaintsRequest request;
  request.set_customer_id(customer_ids_[random() % customer_ids_.size()]);
  request.set_page_size(5);
  Interval unused;
  const auto page =
      TimedCall(replicas_.Choose(random), &ComplaintService::Stub::ListComplaints, request, unused);
  if (!page.ok()) {
    failures_.Add(absl::StrCat("ListComplaints: ", page.status().ToString()));
    return 1;
  }
  for (const Complaint& complaint : page->complaints()) {
    complaints::v1::ListTimelineRequest timeline;
    timeline.set_customer_id(complaint.customer_id());
    timeline.set_complaint_id(complaint.complaint_id());
    const auto entries = TimedCall(replicas_.Choose(random), &ComplaintService::Stub::ListTimeline,
                                   timeline, unused);
    if (!entries.ok() || entries->entries().empty()) {
      failures_.Add(absl::StrCat("ListTimeline: ", entries.status().ToString()));
    }
  }
  return 1 + page->complaints_size();
}

int64_t ComplaintLoad::Check() {
  int64_t closed = 0;
  for (const auto& [complaint_id, told] : told_) {
    complaints::v1::GetComplaintRequest request;
    request.set_customer_id(told.customer_id());
    request.set_complaint_id(complaint_id);
    Interval unused;
    const auto stored =
        TimedCall(replicas_.at(1), &ComplaintService::Stub::GetComplaint, request, unused);
    if (!stored.ok() || stored->state() != told.state()) {
      failures_.Add(absl::StrCat("a complaint is not as was told: ", stored.status().ToString()));
    } else if (stored->state() == complaints::v1::COMPLAINT_STATE_CLOSED) {
      ++closed;
    }
  }
  return closed;
}

}  // namespace clientele::history
