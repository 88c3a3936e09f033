#ifndef COMMON_RPC_RPC_ERRORS_H_
#define COMMON_RPC_RPC_ERRORS_H_

// The errors the wrapper itself answers with. Thread safety: pure functions.

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace clientele::rpc {

// DEADLINE_EXCEEDED DEADLINE_TOO_SHORT: the caller's time was up before the work began.
absl::Status DeadlinePassed();

// DEADLINE_EXCEEDED DEADLINE_TOO_SHORT: a write that has only `time_left` is not begun.
absl::Status TooLittleTimeToWrite(absl::Duration time_left);

// UNAUTHENTICATED UNAUTHENTICATED: the credentials are missing, malformed, expired or not trusted.
// The caller is told the same in every case; `cause`, which holds nothing of the credentials, is
// for the log alone.
absl::Status Unauthenticated(absl::string_view cause);

// PERMISSION_DENIED PERMISSION_DENIED.
absl::Status PermissionDenied(absl::string_view permission);

// RESOURCE_EXHAUSTED OVERLOADED with a delay.
absl::Status Overloaded();

// RESOURCE_EXHAUSTED RATE_LIMITED: the caller has used its share; there is some again after `wait`.
absl::Status RateLimited(absl::Duration wait);

// RESOURCE_EXHAUSTED AUDIT_BACKLOG with a delay: what the audit log must tell has no room there.
absl::Status AuditBacklog();

// UNAVAILABLE SHUTTING_DOWN with a delay.
absl::Status ShuttingDown();

// CANCELLED CANCELLED: the caller went away.
absl::Status CallCancelled();

// INVALID_ARGUMENT MALFORMED_MESSAGE: what came is no `message_type` ("clientele.profile.v1.…").
absl::Status MalformedMessage(absl::string_view message_type);

}  // namespace clientele::rpc

#endif  // COMMON_RPC_RPC_ERRORS_H_
