#include "cli/commands/complaints_work.h"

#include <memory>
#include <string>

#include "CLI/CLI.hpp"
#include "cli/commands/command.h"
#include "cli/commands/complaint_reference.h"
#include "cli/commands/complaint_text.h"
#include "clientele/complaints/v1/complaint_service.grpc.pb.h"
#include "common/status/macros.h"

namespace clientele::cli {
namespace {

namespace pb = clientele::complaints::v1;

using pb::ComplaintService;

struct AssignOptions {
  ComplaintChange change;
  std::string assignee_id;
};

struct MessageOptions {
  ComplaintChange change;
  std::string text;
  std::string occur_time;
  bool outgoing = false;
  bool note = false;
};

struct ResolveOptions {
  ComplaintChange change;
  std::string finding;
  std::string relief;
  std::string text;
};

struct ReopenOptions {
  ComplaintChange change;
  std::string reason;
};

// Fills what requests have in common, makes the call, prints the complaint.
template <typename Request>
absl::Status Run(const ComplaintChange& change, Environment& environment,
                 grpc::Status (ComplaintStub::*method)(grpc::ClientContext*, const Request&,
                                                       pb::Complaint*),
                 Request request) {
  CLIENTELE_ASSIGN_OR_RETURN(const auto stub,
                             ConnectTo<ComplaintService>(environment, kComplaints));
  CLIENTELE_RETURN_IF_ERROR(FillComplaint(change, environment, *stub, request));
  CLIENTELE_ASSIGN_OR_RETURN(const pb::Complaint complaint,
                             Call(environment, *stub, method, request));
  PrintComplaint(complaint, environment);
  return absl::OkStatus();
}

absl::Status Acknowledge(const ComplaintChange& change, Environment& environment) {
  return Run(change, environment, &ComplaintStub::AcknowledgeComplaint,
             pb::AcknowledgeComplaintRequest());
}

absl::Status Close(const ComplaintChange& change, Environment& environment) {
  return Run(change, environment, &ComplaintStub::CloseComplaint, pb::CloseComplaintRequest());
}

absl::Status Assign(const AssignOptions& options, Environment& environment) {
  pb::AssignComplaintRequest request;
  request.set_assignee_id(options.assignee_id);
  return Run(options.change, environment, &ComplaintStub::AssignComplaint, request);
}

absl::Status Resolve(const ResolveOptions& options, Environment& environment) {
  pb::ResolveComplaintRequest request;
  request.set_finding(static_cast<pb::ComplaintFinding>(
      EnumNumber(*pb::ComplaintFinding_descriptor(), options.finding)));
  request.set_relief(static_cast<pb::ComplaintRelief>(
      EnumNumber(*pb::ComplaintRelief_descriptor(), options.relief)));
  request.set_resolution(options.text);
  return Run(options.change, environment, &ComplaintStub::ResolveComplaint, request);
}

absl::Status Reopen(const ReopenOptions& options, Environment& environment) {
  pb::ReopenComplaintRequest request;
  request.set_reason(options.reason);
  return Run(options.change, environment, &ComplaintStub::ReopenComplaint, request);
}

void PrintEntry(const pb::TimelineEntry& entry, const Environment& environment) {
  if (environment.json) {
    environment.PrintMessage(entry);
    return;
  }
  pb::ListTimelineResponse one;
  *one.add_entries() = entry;
  environment.Print(TimelineTable(one.entries()).ToString());
}

absl::StatusOr<pb::TimelineEntry> AddEntry(const MessageOptions& options, Environment& environment,
                                           ComplaintStub& stub) {
  if (options.note) {
    pb::AddNoteRequest request;
    request.set_text(options.text);
    CLIENTELE_RETURN_IF_ERROR(FillComplaint(options.change, environment, stub, request));
    return Call(environment, stub, &ComplaintStub::AddNote, request);
  }
  pb::AddMessageRequest request;
  request.set_text(options.text);
  request.set_outgoing(options.outgoing);
  if (!options.occur_time.empty()) {
    CLIENTELE_RETURN_IF_ERROR(
        ParseTimeOption("--occur-time", options.occur_time, *request.mutable_occur_time()));
  }
  CLIENTELE_RETURN_IF_ERROR(FillComplaint(options.change, environment, stub, request));
  return Call(environment, stub, &ComplaintStub::AddMessage, request);
}

absl::Status Message(const MessageOptions& options, Environment& environment) {
  CLIENTELE_ASSIGN_OR_RETURN(const auto stub,
                             ConnectTo<ComplaintService>(environment, kComplaints));
  CLIENTELE_ASSIGN_OR_RETURN(const pb::TimelineEntry entry, AddEntry(options, environment, *stub));
  PrintEntry(entry, environment);
  return absl::OkStatus();
}

void AddMessageCommand(CLI::App& app, Environment& environment) {
  CLI::App* command = app.add_subcommand(
      "message", "Record what the customer said, was told, or what colleagues should know");
  auto options = std::make_shared<MessageOptions>();
  AddComplaintArgument(*command, options->change.complaint);
  command->add_option("TEXT", options->text, "What was said")->required();
  CLI::Option* outgoing =
      command->add_flag("--out", options->outgoing, "The customer was told this");
  CLI::Option* occur_time =
      command->add_option("--occur-time", options->occur_time, "When it was said (default now)");
  command->add_flag("--note", options->note, "For colleagues only")
      ->excludes(outgoing)
      ->excludes(occur_time);
  AddRequestIdOption(*command, options->change.request_id);
  OnRun(command, options, environment, Message);
}

void AddResolveCommand(CLI::App& app, Environment& environment) {
  CLI::App* command = app.add_subcommand("resolve", "Decide a complaint");
  auto options = std::make_shared<ResolveOptions>();
  AddComplaintChange(*command, options->change);
  AddEnumOption(*command, "--finding", options->finding, *pb::ComplaintFinding_descriptor(),
                "Whether the complaint is right")
      ->required();
  AddEnumOption(*command, "--relief", options->relief, *pb::ComplaintRelief_descriptor(),
                "What the customer got")
      ->required();
  command->add_option("--text", options->text, "What the customer is told");
  OnRun(command, options, environment, Resolve);
}

}  // namespace

void AddComplaintsWorkCommands(CLI::App& app, Environment& environment) {
  CLI::App* ack = app.add_subcommand("ack", "Tell that a complaint is being looked at");
  auto ack_options = std::make_shared<ComplaintChange>();
  AddComplaintChange(*ack, *ack_options);
  OnRun(ack, ack_options, environment, Acknowledge);

  CLI::App* assign = app.add_subcommand("assign", "Say who works on a complaint");
  auto assign_options = std::make_shared<AssignOptions>();
  AddComplaintChange(*assign, assign_options->change);
  assign->add_option("ASSIGNEE", assign_options->assignee_id, "A staff id")->required();
  OnRun(assign, assign_options, environment, Assign);

  AddMessageCommand(app, environment);
  AddResolveCommand(app, environment);

  CLI::App* close = app.add_subcommand("close", "Finish a resolved complaint");
  auto close_options = std::make_shared<ComplaintChange>();
  AddComplaintChange(*close, *close_options);
  OnRun(close, close_options, environment, Close);

  CLI::App* reopen = app.add_subcommand("reopen", "Take a complaint up again");
  auto reopen_options = std::make_shared<ReopenOptions>();
  AddComplaintChange(*reopen, reopen_options->change);
  reopen->add_option("--reason", reopen_options->reason, "Why")->required();
  OnRun(reopen, reopen_options, environment, Reopen);
}

}  // namespace clientele::cli
