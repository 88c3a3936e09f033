#ifndef COMMON_CONFIG_SERVICE_LINK_H_
#define COMMON_CONFIG_SERVICE_LINK_H_

// Kubernetes gives every container variables for the Services of its namespace. For a Service
// called "clientele-profile" they begin with CLIENTELE_PROFILE_, like our own, and must not stop a
// server that refuses unknown variables. Thread safety: pure functions.

#include "absl/strings/string_view.h"

namespace clientele {

// Whether only Kubernetes sets variables of this name ("…_SERVICE_HOST", "…_SERVICE_PORT_GRPC",
// "…_PORT_7001_TCP_ADDR").
bool IsServiceLinkName(absl::string_view variable_name);

// The same, or a "…_PORT" with a value such as "tcp://10.0.0.1:7001".
bool IsServiceLink(absl::string_view variable_name, absl::string_view value);

}  // namespace clientele

#endif  // COMMON_CONFIG_SERVICE_LINK_H_
