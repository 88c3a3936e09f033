#include "cli/demo/demo_complaint.h"

#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "absl/time/clock.h"
#include "cli/client/interrupt.h"
#include "cli/commands/command.h"
#include "clientele/complaints/v1/complaint_service.grpc.pb.h"
#include "clientele/loyalty/v1/ledger_service.grpc.pb.h"
#include "clientele/loyalty/v1/member_service.grpc.pb.h"
#include "common/status/macros.h"

namespace clientele::cli {
namespace {

namespace pb = clientele::complaints::v1;

using clientele::loyalty::v1::LedgerService;
using clientele::loyalty::v1::MemberService;

constexpr int64_t kRemedyPoints = 500;
constexpr absl::Duration kPoll = absl::Milliseconds(50);

// A case at work: every step answers the complaint as it is then.
class ComplaintCase {
 public:
  ComplaintCase(Environment& environment, pb::ComplaintService::Stub& stub, std::string customer_id)
      : environment_(environment), stub_(stub), customer_id_(std::move(customer_id)) {}

  absl::Status File() {
    pb::FileComplaintRequest request;
    request.set_request_id(environment_.NewRequestId());
    pb::Complaint& complaint = *request.mutable_complaint();
    complaint.set_customer_id(customer_id_);
    complaint.set_channel(pb::COMPLAINT_CHANNEL_PHONE);
    complaint.set_type(pb::COMPLAINT_TYPE_DELIVERY);
    complaint.set_severity(2);
    complaint.set_language_code("en");
    complaint.set_subject("Two boxes of the last order came broken");
    complaint.set_desired_remedy("An apology and something for the trouble");
    complaint.add_concerned_staff_ids("dispatch-07");
    return Keep(Call(environment_, stub_, &pb::ComplaintService::Stub::FileComplaint, request));
  }

  absl::Status Acknowledge() {
    return Move<pb::AcknowledgeComplaintRequest>(&pb::ComplaintService::Stub::AcknowledgeComplaint);
  }

  absl::Status Assign() {
    return Move<pb::AssignComplaintRequest>(
        &pb::ComplaintService::Stub::AssignComplaint,
        [](pb::AssignComplaintRequest& request) { request.set_assignee_id("agent-042"); });
  }

  // Proposes points, approves them and waits until the customer has them.
  absl::Status GivePoints() {
    CLIENTELE_RETURN_IF_ERROR(Move<pb::ProposeRemedyRequest>(
        &pb::ComplaintService::Stub::ProposeRemedy, [](pb::ProposeRemedyRequest& request) {
          request.set_kind(pb::REMEDY_KIND_POINTS);
          request.set_points(kRemedyPoints);
          request.set_description("For the trouble, with our apology");
        }));
    CLIENTELE_RETURN_IF_ERROR(Move<pb::ApproveRemedyRequest>(
        &pb::ComplaintService::Stub::ApproveRemedy, [this](pb::ApproveRemedyRequest& request) {
          request.set_remedy_id(complaint_.remedies(0).remedy_id());
        }));
    return WaitForPoints();
  }

  absl::Status Resolve() {
    return Move<pb::ResolveComplaintRequest>(
        &pb::ComplaintService::Stub::ResolveComplaint, [](pb::ResolveComplaintRequest& request) {
          request.set_finding(pb::COMPLAINT_FINDING_UPHELD);
          request.set_relief(pb::COMPLAINT_RELIEF_MONETARY);
          request.set_resolution("The parcel was packed badly; points were given.");
        });
  }

  absl::Status Close() {
    return Move<pb::CloseComplaintRequest>(&pb::ComplaintService::Stub::CloseComplaint);
  }

  absl::StatusOr<clientele::common::v1::Explanation> ExplainPriority() {
    pb::ExplainPriorityRequest request;
    request.set_customer_id(customer_id_);
    request.set_complaint_id(complaint_.complaint_id());
    return Call(environment_, stub_, &pb::ComplaintService::Stub::ExplainPriority, request);
  }

  const pb::Complaint& complaint() const { return complaint_; }

 private:
  absl::Status Keep(absl::StatusOr<pb::Complaint> answer) {
    CLIENTELE_ASSIGN_OR_RETURN(complaint_, std::move(answer));
    return absl::OkStatus();
  }

  // Calls a verb on this complaint and keeps the answer.
  template <typename Request>
  absl::Status Move(
      grpc::Status (pb::ComplaintService::Stub::*verb)(grpc::ClientContext*, const Request&,
                                                       pb::Complaint*),
      const std::function<void(Request&)>& fill = [](Request&) {}) {
    Request request;
    request.set_request_id(environment_.NewRequestId());
    request.set_customer_id(customer_id_);
    request.set_complaint_id(complaint_.complaint_id());
    fill(request);
    return Keep(Call(environment_, stub_, verb, request));
  }

  absl::Status WaitForPoints() {
    const absl::Time deadline = absl::Now() + environment_.TimeoutOr(kCallTimeout);
    InterruptScope interrupts;
    while (complaint_.remedies(0).state() == pb::REMEDY_STATE_APPROVED) {
      if (absl::Now() >= deadline || interrupts.Wait(kPoll)) {
        return absl::UnavailableError("the points of the remedy have not arrived in time");
      }
      pb::GetComplaintRequest request;
      request.set_customer_id(customer_id_);
      request.set_complaint_id(complaint_.complaint_id());
      CLIENTELE_RETURN_IF_ERROR(
          Keep(Call(environment_, stub_, &pb::ComplaintService::Stub::GetComplaint, request)));
    }
    return absl::OkStatus();
  }

  Environment& environment_;
  pb::ComplaintService::Stub& stub_;
  const std::string customer_id_;
  pb::Complaint complaint_;
};

absl::StatusOr<int64_t> BalanceOf(const std::string& customer_id, Environment& environment) {
  CLIENTELE_ASSIGN_OR_RETURN(const auto ledger, ConnectTo<LedgerService>(environment, kLoyalty));
  clientele::loyalty::v1::GetBalanceRequest request;
  request.set_customer_id(customer_id);
  CLIENTELE_ASSIGN_OR_RETURN(const clientele::loyalty::v1::Balance balance,
                             Call(environment, *ledger, &LedgerService::Stub::GetBalance, request));
  return balance.available();
}

absl::StatusOr<std::string> TierOf(const std::string& customer_id, Environment& environment) {
  CLIENTELE_ASSIGN_OR_RETURN(const auto members, ConnectTo<MemberService>(environment, kLoyalty));
  clientele::loyalty::v1::GetTierRequest request;
  request.set_customer_id(customer_id);
  CLIENTELE_ASSIGN_OR_RETURN(const clientele::loyalty::v1::MemberTier tier,
                             Call(environment, *members, &MemberService::Stub::GetTier, request));
  return tier.tier();
}

}  // namespace

absl::StatusOr<DemoComplaint> PutComplaintRight(
    const clientele::segmentation::v1::RfmScore& customer, Environment& environment) {
  CLIENTELE_ASSIGN_OR_RETURN(const auto stub,
                             ConnectTo<pb::ComplaintService>(environment, kComplaints));
  DemoComplaint story;
  story.customer = customer;
  CLIENTELE_ASSIGN_OR_RETURN(story.tier, TierOf(customer.customer_id(), environment));
  CLIENTELE_ASSIGN_OR_RETURN(story.points_before, BalanceOf(customer.customer_id(), environment));
  const absl::Time start_time = absl::Now();
  ComplaintCase work(environment, *stub, customer.customer_id());
  CLIENTELE_RETURN_IF_ERROR(work.File());
  CLIENTELE_ASSIGN_OR_RETURN(story.priority, work.ExplainPriority());
  CLIENTELE_RETURN_IF_ERROR(work.Acknowledge());
  CLIENTELE_RETURN_IF_ERROR(work.Assign());
  CLIENTELE_RETURN_IF_ERROR(work.GivePoints());
  CLIENTELE_RETURN_IF_ERROR(work.Resolve());
  CLIENTELE_RETURN_IF_ERROR(work.Close());
  story.elapsed = absl::Now() - start_time;
  story.complaint = work.complaint();
  CLIENTELE_ASSIGN_OR_RETURN(story.points_after, BalanceOf(customer.customer_id(), environment));
  return story;
}

}  // namespace clientele::cli
