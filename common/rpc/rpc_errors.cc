#include "common/rpc/rpc_errors.h"

#include <algorithm>
#include <cstdint>

#include "absl/strings/str_cat.h"
#include "common/rpc/limits.h"
#include "common/status/error.h"
#include "common/status/log_detail.h"

namespace clientele::rpc {

absl::Status DeadlinePassed() {
  return ErrorBuilder(absl::StatusCode::kDeadlineExceeded, "DEADLINE_TOO_SHORT",
                      "the deadline passed before the work began")
      .Build();
}

absl::Status TooLittleTimeToWrite(absl::Duration time_left) {
  const int64_t left_ms = absl::ToInt64Milliseconds(time_left);
  const int64_t needed_ms = absl::ToInt64Milliseconds(kWriteTimeMin);
  return ErrorBuilder(absl::StatusCode::kDeadlineExceeded, "DEADLINE_TOO_SHORT",
                      absl::StrCat(left_ms, " ms are left and a write needs ", needed_ms, " ms"))
      .Metadata("left_ms", absl::StrCat(left_ms))
      .Metadata("needed_ms", absl::StrCat(needed_ms))
      .Build();
}

absl::Status Unauthenticated(absl::string_view cause) {
  return WithLogDetail(ErrorBuilder(absl::StatusCode::kUnauthenticated, "UNAUTHENTICATED",
                                    "valid credentials are needed")
                           .Build(),
                       cause);
}

absl::Status PermissionDenied(absl::string_view permission) {
  return ErrorBuilder(absl::StatusCode::kPermissionDenied, "PERMISSION_DENIED",
                      absl::StrCat(permission, " is needed"))
      .Metadata("permission", permission)
      .Build();
}

absl::Status Overloaded() {
  return ErrorBuilder(absl::StatusCode::kResourceExhausted, "OVERLOADED", "the server is busy")
      .RetryAfter(kOverloadedRetryDelay)
      .Build();
}

absl::Status RateLimited(absl::Duration wait) {
  return ErrorBuilder(absl::StatusCode::kResourceExhausted, "RATE_LIMITED",
                      "this principal has used its share of calls")
      .RetryAfter(std::max(wait, kRateLimitedRetryDelayMin))
      .Build();
}

absl::Status AuditBacklog() {
  return ErrorBuilder(absl::StatusCode::kResourceExhausted, "AUDIT_BACKLOG",
                      "the audit log is behind")
      .RetryAfter(kOverloadedRetryDelay)
      .Build();
}

absl::Status ShuttingDown() {
  return ErrorBuilder(absl::StatusCode::kUnavailable, "SHUTTING_DOWN",
                      "the server is shutting down")
      .RetryAfter(kShuttingDownRetryDelay)
      .Build();
}

absl::Status CallCancelled() {
  return ErrorBuilder(absl::StatusCode::kCancelled, "CANCELLED", "the call was cancelled").Build();
}

absl::Status MalformedMessage(absl::string_view message_type) {
  return ErrorBuilder(absl::StatusCode::kInvalidArgument, "MALFORMED_MESSAGE",
                      absl::StrCat("the request is no ", message_type,
                                   ": its bytes are cut short or its text is not UTF-8"))
      .Metadata("message_type", message_type)
      .Build();
}

}  // namespace clientele::rpc
