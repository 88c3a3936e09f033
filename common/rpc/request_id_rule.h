#ifndef COMMON_RPC_REQUEST_ID_RULE_H_
#define COMMON_RPC_REQUEST_ID_RULE_H_

// The one check of request_id. It is part of a request's validation and not a stage of the wrapper,
// because INVALID_ARGUMENT lists every violation of a request at once.

#include "absl/strings/string_view.h"
#include "clientele/common/v1/rpc_policy.pb.h"
#include "common/status/error.h"

namespace clientele::rpc {

// Adds a violation of the field `request_id` when the rule (CallContext::request_id_rule) requires
// one and it is empty, or when it is there and not a UUID. Pure.
void ValidateRequestId(common::v1::RequestIdRule rule, absl::string_view request_id,
                       Violations& violations);

}  // namespace clientele::rpc

#endif  // COMMON_RPC_REQUEST_ID_RULE_H_
