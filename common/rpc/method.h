#ifndef COMMON_RPC_METHOD_H_
#define COMMON_RPC_METHOD_H_

// What the server knows of each method: its names, its shape, and the policy declared beside it in
// the .proto file with `option (clientele.common.v1.rpc)`.

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "clientele/common/v1/rpc_policy.pb.h"

namespace clientele::rpc {

// Client streams are missing on purpose: no method of the suite has that shape.
enum class CallType { kUnary, kServerStream, kBidiStream };

// "unary", "server_stream" or "bidi_stream": the label grpc_type.
absl::string_view CallTypeName(CallType type);

struct Method {
  std::string path;     // "/clientele.profile.v1.CustomerService/GetCustomer"
  std::string service;  // "clientele.profile.v1.CustomerService"
  std::string name;     // "GetCustomer"
  CallType type;
  common::v1::RpcPolicy policy;

  // Whether a call changes something: such calls are audited.
  bool writes() const { return policy.audit(); }

  // What one call takes from its caller's share and from the server's time, beside others.
  int64_t cost() const { return policy.cost() > 0 ? policy.cost() : 1; }

  // Whether a call that is repeated for want of an answer must carry the same request_id.
  bool takes_request_id() const {
    return policy.request_id() != common::v1::REQUEST_ID_RULE_UNSPECIFIED;
  }
};

// The methods of a service in the generated descriptor pool. An error is a sentence that names
// the service or method: the service is unknown, a method is a client stream, has no policy or no
// permission, or its request has a string field `request_id` exactly when the policy says no (and
// the other way round).
absl::StatusOr<std::vector<Method>> LoadMethods(absl::string_view service_full_name);

}  // namespace clientele::rpc

#endif  // COMMON_RPC_METHOD_H_
