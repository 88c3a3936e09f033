#ifndef COMMON_RPC_SERVER_CALL_H_
#define COMMON_RPC_SERVER_CALL_H_

// One call on its way through the wrapper.

#include <grpcpp/server_context.h>

#include <atomic>
#include <functional>
#include <memory>

#include "common/executor/arrival_queue.h"
#include "common/executor/stream_turns.h"
#include "common/rpc/call_context.h"
#include "common/rpc/method.h"
#include "google/protobuf/message.h"

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
  Arrival arrival;  // how `submit` hands it over; filled by the stage "admission"
  std::shared_ptr<StreamTurns> turns;  // null for a unary call
  // Of a unary call; null when there is none, or none that is sound. Both outlive the call.
  const google::protobuf::Message* request = nullptr;
  const google::protobuf::Message* response = nullptr;
  // Whether the stage "admission" has let it in; until then it has cost the server next to nothing.
  bool let_in = false;
  std::atomic<bool> cancelled = false;
  int entered_stage_count = 0;
};

}  // namespace clientele::rpc

#endif  // COMMON_RPC_SERVER_CALL_H_
