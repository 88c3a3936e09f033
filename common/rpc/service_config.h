#ifndef COMMON_RPC_SERVICE_CONFIG_H_
#define COMMON_RPC_SERVICE_CONFIG_H_

// The gRPC service config that callers of a server should use: what they may try again, for how
// long they wait, and that they spread their calls over all replicas that are not about to stop.
// Format: https://github.com/grpc/grpc/blob/master/doc/service_config.md
//
// Thread safety: functions of their arguments.

#include <string>

#include "absl/types/span.h"
#include "common/rpc/method.h"

namespace clientele::rpc {

// Whether a call that ended UNAVAILABLE may be sent again without the caller's knowing what became
// of it: reads, and writes whose request_id makes a second one answer as the first did.
bool IsSafeToRepeat(const Method& method);

// The config of a client of `methods`, those of one server and at least one: JSON that ends with a
// newline.
std::string ServiceConfigOf(absl::Span<const Method> methods);

}  // namespace clientele::rpc

#endif  // COMMON_RPC_SERVICE_CONFIG_H_
