#ifndef COMMON_RPC_SERVER_CALL_H_
#define COMMON_RPC_SERVER_CALL_H_

// One call on its way through the wrapper.

#include <grpcpp/server_context.h>

#include <atomic>
#include <functional>
#include <memory>

#include "common/executor/stream_turns.h"
#include "common/rpc/call_context.h"
#include "common/rpc/method.h"

namespace clientele::rpc {

// Owned by the reactor of the call and gone after its OnDone. Only `cancelled` is touched by more
// than one thread at a time.
struct ServerCall {
  ServerCall(const Method& called, grpc::CallbackServerContext& grpc_context)
      : method(called), transport(grpc_context) {
    context.method = called.path;
    context.request_id_rule = called.policy.request_id();
    context.is_cancelled = [this] { return cancelled.load(); };
  }
  ServerCall(const ServerCall&) = delete;
  ServerCall& operator=(const ServerCall&) = delete;

  const Method& method;
  grpc::CallbackServerContext& transport;
  CallContext context;
  // Does the call's work at once or hands it to the executor; false = no room. Called by the stage
  // "admission"; once it returned true the work may already be over.
  std::function<bool()> submit;
  std::shared_ptr<StreamTurns> turns;  // null for a unary call
  std::atomic<bool> cancelled = false;
  int entered_stage_count = 0;
};

}  // namespace clientele::rpc

#endif  // COMMON_RPC_SERVER_CALL_H_
