#ifndef COMMON_RPC_TRACEPARENT_H_
#define COMMON_RPC_TRACEPARENT_H_

// The W3C trace context header. The suite records no spans of its own: it passes the header on as
// it came, so that those of its caller and of what it calls meet. Thread safety: pure functions.

#include "absl/strings/string_view.h"

namespace clientele::rpc {

// Whether `text` is a traceparent of version 00: "00-", 32 hex digits of the trace, 16 of the span,
// two of flags, lower case, neither id all zeros.
bool IsTraceparent(absl::string_view text);

// The 32 digits of the trace in a traceparent; "" when it is empty.
absl::string_view TraceIdOf(absl::string_view traceparent);

}  // namespace clientele::rpc

#endif  // COMMON_RPC_TRACEPARENT_H_
