#ifndef CLI_COMMANDS_COMPLAINT_REFERENCE_H_
#define CLI_COMMANDS_COMPLAINT_REFERENCE_H_

// How a person names a complaint on the command line: by its number, or as CUSTOMER/ID.

#include <string>

#include "CLI/App.hpp"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "cli/commands/command.h"
#include "cli/environment.h"
#include "clientele/complaints/v1/complaint_service.grpc.pb.h"
#include "common/status/macros.h"

namespace clientele::cli {

using ComplaintStub = clientele::complaints::v1::ComplaintService::Stub;

struct ComplaintReference {
  std::string customer_id;
  std::string complaint_id;
};

// "c-1/late-parcel" as it stands; anything else is looked up as a number.
absl::StatusOr<ComplaintReference> FindComplaint(Environment& environment, ComplaintStub& stub,
                                                 absl::string_view text);

// What every command that changes a complaint takes.
struct ComplaintChange {
  std::string complaint;  // number or CUSTOMER/ID
  std::string etag;
  std::string request_id;
  bool validate_only = false;
};

void AddComplaintArgument(CLI::App& command, std::string& complaint);

// Adds the complaint, --etag, --request-id and --validate-only.
void AddComplaintChange(CLI::App& command, ComplaintChange& change);

// Fills what the requests have in common: FillComplaint(…, request) sets request_id, customer_id,
// complaint_id and, where the request has them, etag and validate_only.
template <typename Request>
absl::Status FillComplaint(const ComplaintChange& change, Environment& environment,
                           ComplaintStub& stub, Request& request) {
  CLIENTELE_ASSIGN_OR_RETURN(const ComplaintReference found,
                             FindComplaint(environment, stub, change.complaint));
  request.set_customer_id(found.customer_id);
  request.set_complaint_id(found.complaint_id);
  request.set_request_id(RequestIdOr(change.request_id, environment));
  if constexpr (requires { request.set_etag(change.etag); }) {
    request.set_etag(change.etag);
  }
  if constexpr (requires { request.set_validate_only(change.validate_only); }) {
    request.set_validate_only(change.validate_only);
  }
  return absl::OkStatus();
}

}  // namespace clientele::cli

#endif  // CLI_COMMANDS_COMPLAINT_REFERENCE_H_
