#include "cli/commands/complaints_remedy.h"

#include <cstdint>
#include <memory>
#include <string>

#include "CLI/CLI.hpp"
#include "cli/commands/command.h"
#include "cli/commands/complaint_reference.h"
#include "cli/commands/complaint_text.h"
#include "clientele/complaints/v1/complaint_service.grpc.pb.h"
#include "common/ids/uuid.h"
#include "common/status/macros.h"

namespace clientele::cli {
namespace {

namespace pb = clientele::complaints::v1;

using pb::ComplaintService;

struct ProposeOptions {
  ComplaintChange change;
  std::string kind = "points";
  int64_t points = 0;
  std::string description;
  bool approve = false;
};

struct ApproveOptions {
  ComplaintChange change;
  std::string remedy_id;
};

absl::StatusOr<pb::Complaint> Approve(const pb::Complaint& complaint, const std::string& remedy_id,
                                      const std::string& request_id, Environment& environment,
                                      ComplaintStub& stub) {
  pb::ApproveRemedyRequest request;
  request.set_request_id(request_id);
  request.set_customer_id(complaint.customer_id());
  request.set_complaint_id(complaint.complaint_id());
  request.set_remedy_id(remedy_id);
  return Call(environment, stub, &ComplaintStub::ApproveRemedy, request);
}

absl::Status ProposeRemedy(const ProposeOptions& options, Environment& environment) {
  pb::ProposeRemedyRequest request;
  request.set_kind(
      static_cast<pb::RemedyKind>(EnumNumber(*pb::RemedyKind_descriptor(), options.kind)));
  request.set_points(options.points);
  request.set_description(options.description);
  CLIENTELE_ASSIGN_OR_RETURN(const auto stub,
                             ConnectTo<ComplaintService>(environment, kComplaints));
  CLIENTELE_RETURN_IF_ERROR(FillComplaint(options.change, environment, *stub, request));
  CLIENTELE_ASSIGN_OR_RETURN(pb::Complaint complaint,
                             Call(environment, *stub, &ComplaintStub::ProposeRemedy, request));
  if (options.approve) {
    const std::string remedy_id = complaint.remedies().rbegin()->remedy_id();
    // Follows from the proposal's, so that the same command again approves nothing twice.
    CLIENTELE_ASSIGN_OR_RETURN(const std::string approval_id,
                               UuidV5(request.request_id(), "approve"));
    CLIENTELE_ASSIGN_OR_RETURN(complaint,
                               Approve(complaint, remedy_id, approval_id, environment, *stub));
  }
  PrintComplaint(complaint, environment);
  return absl::OkStatus();
}

absl::Status ApproveRemedy(const ApproveOptions& options, Environment& environment) {
  pb::ApproveRemedyRequest request;
  request.set_remedy_id(options.remedy_id);
  CLIENTELE_ASSIGN_OR_RETURN(const auto stub,
                             ConnectTo<ComplaintService>(environment, kComplaints));
  CLIENTELE_RETURN_IF_ERROR(FillComplaint(options.change, environment, *stub, request));
  CLIENTELE_ASSIGN_OR_RETURN(const pb::Complaint complaint,
                             Call(environment, *stub, &ComplaintStub::ApproveRemedy, request));
  PrintComplaint(complaint, environment);
  return absl::OkStatus();
}

}  // namespace

void AddComplaintsRemedyCommands(CLI::App& app, Environment& environment) {
  CLI::App* group =
      app.add_subcommand("remedy", "Propose and approve remedies")->require_subcommand(1);

  CLI::App* propose = group->add_subcommand("propose", "Propose a remedy");
  auto propose_options = std::make_shared<ProposeOptions>();
  AddComplaintChange(*propose, propose_options->change);
  AddEnumOption(*propose, "--kind", propose_options->kind, *pb::RemedyKind_descriptor(),
                "What is given (default points)");
  propose->add_option("--points", propose_options->points, "How many loyalty points")
      ->check(CLI::PositiveNumber);
  propose->add_option("--description", propose_options->description, "What the customer is told");
  // What is only proposed in thought has no id to approve.
  propose->add_flag("--approve", propose_options->approve, "Approve it at once")
      ->excludes(propose->get_option("--validate-only"));
  OnRun(propose, propose_options, environment, ProposeRemedy);

  CLI::App* approve = group->add_subcommand(
      "approve", "Approve a remedy; points are then given exactly once, even if loyalty is away");
  auto approve_options = std::make_shared<ApproveOptions>();
  AddComplaintChange(*approve, approve_options->change);
  approve->add_option("REMEDY", approve_options->remedy_id, "The remedy id")->required();
  OnRun(approve, approve_options, environment, ApproveRemedy);
}

}  // namespace clientele::cli
