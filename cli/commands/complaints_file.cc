#include "cli/commands/complaints_file.h"

#include <memory>
#include <string>
#include <vector>

#include "CLI/CLI.hpp"
#include "cli/commands/command.h"
#include "cli/commands/complaint_text.h"
#include "clientele/complaints/v1/complaint_service.grpc.pb.h"
#include "common/status/macros.h"

namespace clientele::cli {
namespace {

namespace pb = clientele::complaints::v1;

using pb::ComplaintService;

struct FileOptions {
  std::string customer_id;
  std::string complaint_id;
  std::string channel = "web";
  std::string type;
  int severity = 3;
  bool safety = false;
  std::string language_code;
  std::string subject;
  std::string description;
  std::string desired_remedy;
  std::vector<std::string> purchase_ids;
  std::vector<std::string> staff_ids;
  std::string occur_time;
  std::string request_id;
  bool validate_only = false;
};

absl::StatusOr<pb::Complaint> ToComplaint(const FileOptions& options) {
  pb::Complaint complaint;
  complaint.set_customer_id(options.customer_id);
  complaint.set_complaint_id(options.complaint_id);
  complaint.set_channel(static_cast<pb::ComplaintChannel>(
      EnumNumber(*pb::ComplaintChannel_descriptor(), options.channel)));
  complaint.set_type(
      static_cast<pb::ComplaintType>(EnumNumber(*pb::ComplaintType_descriptor(), options.type)));
  complaint.set_severity(options.severity);
  complaint.set_safety(options.safety);
  complaint.set_language_code(options.language_code);
  complaint.set_subject(options.subject);
  complaint.set_description(options.description);
  complaint.set_desired_remedy(options.desired_remedy);
  for (const std::string& id : options.purchase_ids) {
    complaint.add_purchase_ids(id);
  }
  for (const std::string& id : options.staff_ids) {
    complaint.add_concerned_staff_ids(id);
  }
  if (!options.occur_time.empty()) {
    CLIENTELE_RETURN_IF_ERROR(
        ParseTimeOption("--occur-time", options.occur_time, *complaint.mutable_occur_time()));
  }
  return complaint;
}

absl::Status File(const FileOptions& options, Environment& environment) {
  pb::FileComplaintRequest request;
  request.set_request_id(RequestIdOr(options.request_id, environment));
  request.set_validate_only(options.validate_only);
  CLIENTELE_ASSIGN_OR_RETURN(*request.mutable_complaint(), ToComplaint(options));
  CLIENTELE_ASSIGN_OR_RETURN(const auto stub,
                             ConnectTo<ComplaintService>(environment, kComplaints));
  CLIENTELE_ASSIGN_OR_RETURN(
      const pb::Complaint filed,
      Call(environment, *stub, &ComplaintService::Stub::FileComplaint, request));
  PrintComplaint(filed, environment);
  return absl::OkStatus();
}

}  // namespace

void AddComplaintsFileCommand(CLI::App& app, Environment& environment) {
  CLI::App* command = app.add_subcommand("file", "Take a complaint in");
  auto options = std::make_shared<FileOptions>();
  command->add_option("CUSTOMER", options->customer_id, "The customer id")->required();
  AddEnumOption(*command, "--type", options->type, *pb::ComplaintType_descriptor(),
                "What it is about")
      ->required();
  command->add_option("--subject", options->subject, "What it says, in a line")->required();
  AddEnumOption(*command, "--channel", options->channel, *pb::ComplaintChannel_descriptor(),
                "How it came in (default web)");
  command->add_option("--severity", options->severity, "1 (gravest) to 4 (default 3)")
      ->check(CLI::Range(1, 4));
  command->add_flag("--safety", options->safety, "Somebody's safety is at stake");
  command->add_option("--description", options->description, "What happened");
  command->add_option("--desired-remedy", options->desired_remedy, "What the customer wants");
  command->add_option("--language", options->language_code, "Of the texts, such as zh-Hans");
  command->add_option("--purchase", options->purchase_ids, "A purchase it is about; repeatable")
      ->allow_extra_args(false);
  command->add_option("--staff", options->staff_ids, "Who is complained about; repeatable")
      ->allow_extra_args(false);
  command->add_option("--id", options->complaint_id,
                      "The complaint id (default: made by the server)");
  command->add_option("--occur-time", options->occur_time, "When it was made (default now)");
  AddRequestIdOption(*command, options->request_id);
  AddValidateOnlyOption(*command, options->validate_only);
  OnRun(command, options, environment, File);
}

}  // namespace clientele::cli
