#ifndef COMMON_RPC_CALL_CONTEXT_H_
#define COMMON_RPC_CALL_CONTEXT_H_

// What a handler knows about the call it serves. Filled by the wrapper, in the order of its stages.

#include <functional>
#include <memory>
#include <string>

#include "absl/time/time.h"
#include "clientele/common/v1/rpc_policy.pb.h"
#include "common/rpc/caller.h"

namespace clientele::rpc {

// Owned by the wrapper and valid while the handler (or the session it made) lives; used by one
// thread at a time.
struct CallContext {
  std::string method;   // "/clientele.profile.v1.CustomerService/GetCustomer"
  std::string call_id;  // x-request-id, given or made: for logs
  // As the caller sent it, for the calls made on its behalf; empty when none came or it is
  // malformed.
  std::string traceparent;
  std::string principal;  // caller->principal()
  // Who calls and what they may do beside the method's own permission; never null in a handler.
  std::shared_ptr<const Caller> caller;
  absl::Time start_time;  // when the call arrived (system clock)
  absl::Time deadline = absl::InfiniteFuture();
  // Of the method: for ValidateRequestId (request_id_rule.h).
  common::v1::RequestIdRule request_id_rule = common::v1::REQUEST_ID_RULE_UNSPECIFIED;
  bool replayed = false;  // a handler sets it: the trailer clientele-replayed: true is sent
  // Whether the audit log is to tell of the call: the wrapper sees to it that it does, unless a
  // handler sets audit_committed, having stored the record with what it did (common/handler).
  bool audits = false;
  bool audit_committed = false;
  std::function<bool()> is_cancelled;  // whether the caller has gone away
};

}  // namespace clientele::rpc

#endif  // COMMON_RPC_CALL_CONTEXT_H_
