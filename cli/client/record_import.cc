#include "cli/client/record_import.h"

#include "cli/client/server_status.h"

namespace clientele::cli {
namespace {

// Errors of the codes below that a server names would come back for the same row; what comes
// without a name (an unknown method, a broken connection) or with another code concerns every row.
bool ConcernsRowAlone(const absl::Status& error) {
  switch (error.code()) {
    case absl::StatusCode::kInvalidArgument:
    case absl::StatusCode::kNotFound:
    case absl::StatusCode::kAlreadyExists:
    case absl::StatusCode::kFailedPrecondition:
    case absl::StatusCode::kAborted:
      return IsFromServer(error);
    default:
      return false;
  }
}

}  // namespace

absl::Status RejectRow(const absl::Status& error, const Refusal& refusal, int64_t line_number,
                       Rejections& rejections) {
  if (!ConcernsRowAlone(error)) return error;
  rejections.Add(refusal.reason, refusal.detail, {line_number});
  return absl::OkStatus();
}

}  // namespace clientele::cli
