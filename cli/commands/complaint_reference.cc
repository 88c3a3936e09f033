#include "cli/commands/complaint_reference.h"

#include <utility>

#include "CLI/CLI.hpp"
#include "absl/strings/str_split.h"

namespace clientele::cli {

namespace pb = clientele::complaints::v1;

absl::StatusOr<ComplaintReference> FindComplaint(Environment& environment, ComplaintStub& stub,
                                                 absl::string_view text) {
  const std::pair<std::string, std::string> parts = absl::StrSplit(text, absl::MaxSplits('/', 1));
  if (!parts.second.empty()) {
    return ComplaintReference{parts.first, parts.second};
  }
  pb::LookupComplaintRequest request;
  request.set_complaint_number(std::string(text));
  CLIENTELE_ASSIGN_OR_RETURN(const pb::Complaint complaint,
                             Call(environment, stub, &ComplaintStub::LookupComplaint, request));
  return ComplaintReference{complaint.customer_id(), complaint.complaint_id()};
}

void AddComplaintArgument(CLI::App& command, std::string& complaint) {
  command
      .add_option("COMPLAINT", complaint,
                  "The complaint's number, such as 7K3QZ-M0XWD, or CUSTOMER/ID")
      ->required();
}

void AddComplaintChange(CLI::App& command, ComplaintChange& change) {
  AddComplaintArgument(command, change.complaint);
  command.add_option("--etag", change.etag, "Change only this version of the complaint");
  AddRequestIdOption(command, change.request_id);
  AddValidateOnlyOption(command, change.validate_only);
}

}  // namespace clientele::cli
