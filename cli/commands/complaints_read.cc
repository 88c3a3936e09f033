#include "cli/commands/complaints_read.h"

#include <memory>
#include <string>

#include "CLI/CLI.hpp"
#include "absl/strings/str_cat.h"
#include "cli/commands/command.h"
#include "cli/commands/complaint_reference.h"
#include "cli/commands/complaint_text.h"
#include "cli/commands/paging.h"
#include "cli/output/proto_json.h"
#include "clientele/complaints/v1/complaint_service.grpc.pb.h"
#include "common/status/macros.h"

namespace clientele::cli {
namespace {

namespace pb = clientele::complaints::v1;

using clientele::common::v1::Explanation;
using pb::ComplaintService;

// As many entries as the service gives at once: the rest is for `call`.
constexpr int kTimelineEntries = 500;

struct ListOptions {
  std::string customer_id;
  std::string filter;
  bool by_priority = false;
  PagingOptions paging;
};

struct ShowOptions {
  std::string complaint;
};

// A complaint with all that belongs to it.
struct WholeComplaint {
  pb::Complaint complaint;
  pb::ListTimelineResponse timeline;
  Explanation priority;
};

absl::Status List(const ListOptions& options, Environment& environment) {
  CLIENTELE_ASSIGN_OR_RETURN(const auto stub,
                             ConnectTo<ComplaintService>(environment, kComplaints));
  pb::ListComplaintsRequest request;
  request.set_customer_id(options.customer_id);
  request.set_filter(options.filter);
  request.set_order_by(options.by_priority ? "priority" : "");
  return PrintPages<pb::ListComplaintsRequest, pb::ListComplaintsResponse>(
      options.paging, environment, request,
      [&](const pb::ListComplaintsRequest& page) {
        return Call(environment, *stub, &ComplaintService::Stub::ListComplaints, page);
      },
      [](const pb::ListComplaintsResponse& response) {
        return ComplaintTable(response.complaints());
      });
}

absl::StatusOr<WholeComplaint> Read(Environment& environment, ComplaintStub& stub,
                                    const ComplaintReference& found) {
  WholeComplaint whole;
  pb::GetComplaintRequest get;
  get.set_customer_id(found.customer_id);
  get.set_complaint_id(found.complaint_id);
  CLIENTELE_ASSIGN_OR_RETURN(whole.complaint,
                             Call(environment, stub, &ComplaintStub::GetComplaint, get));
  pb::ListTimelineRequest timeline;
  timeline.set_customer_id(found.customer_id);
  timeline.set_complaint_id(found.complaint_id);
  timeline.set_page_size(kTimelineEntries);
  CLIENTELE_ASSIGN_OR_RETURN(whole.timeline,
                             Call(environment, stub, &ComplaintStub::ListTimeline, timeline));
  pb::ExplainPriorityRequest explain;
  explain.set_customer_id(found.customer_id);
  explain.set_complaint_id(found.complaint_id);
  CLIENTELE_ASSIGN_OR_RETURN(whole.priority,
                             Call(environment, stub, &ComplaintStub::ExplainPriority, explain));
  return whole;
}

void PrintForPeople(const WholeComplaint& whole, const Environment& environment) {
  PrintComplaint(whole.complaint, environment);
  environment.Print(absl::StrCat("\n", whole.priority.outcome(), ":"));
  for (const Explanation::Input& input : whole.priority.inputs()) {
    environment.Print(
        absl::StrCat(" ", input.name(), " ", input.value(), " (", input.source(), ")"));
  }
  environment.Print("\n\n");
  environment.Print(TimelineTable(whole.timeline.entries()).ToString());
  if (!whole.timeline.next_page_token().empty()) {
    environment.Note(absl::StrCat("only the first ", kTimelineEntries, " entries are shown"));
  }
}

absl::Status Show(const ShowOptions& options, Environment& environment) {
  CLIENTELE_ASSIGN_OR_RETURN(const auto stub,
                             ConnectTo<ComplaintService>(environment, kComplaints));
  CLIENTELE_ASSIGN_OR_RETURN(const ComplaintReference found,
                             FindComplaint(environment, *stub, options.complaint));
  CLIENTELE_ASSIGN_OR_RETURN(const WholeComplaint whole, Read(environment, *stub, found));
  if (!environment.json) {
    PrintForPeople(whole, environment);
    return absl::OkStatus();
  }
  nlohmann::ordered_json json;
  json["complaint"] = ToJson(whole.complaint, true);
  json["timeline"] = ToJson(whole.timeline, true)["entries"];
  json["priority"] = ToJson(whole.priority, true);
  environment.PrintJson(json);
  return absl::OkStatus();
}

}  // namespace

void AddComplaintsReadCommands(CLI::App& app, Environment& environment) {
  CLI::App* list = app.add_subcommand("list", "List complaints, newest first");
  auto list_options = std::make_shared<ListOptions>();
  list->add_option("CUSTOMER", list_options->customer_id, "Only this customer's");
  list->add_option("--filter", list_options->filter,
                   "Such as: state = RECEIVED AND severity <= 2 AND tier = PLATINUM");
  list->add_flag("--by-priority", list_options->by_priority, "Most urgent first");
  AddPagingOptions(*list, list_options->paging);
  OnRun(list, list_options, environment, List);

  CLI::App* show =
      app.add_subcommand("show", "Show a complaint with its remedies, priority and timeline");
  auto show_options = std::make_shared<ShowOptions>();
  AddComplaintArgument(*show, show_options->complaint);
  OnRun(show, show_options, environment, Show);
}

}  // namespace clientele::cli
