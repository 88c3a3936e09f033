#ifndef COMMON_RPC_CALL_STAGE_H_
#define COMMON_RPC_CALL_STAGE_H_

// One concern of the path that every call takes.

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "common/rpc/call_observer.h"
#include "common/rpc/server_call.h"

namespace clientele::rpc {

// Stages are entered in order until one refuses; those that were entered (the refusing one
// included) are left in reverse order once the outcome is known. Shared by all calls: thread-safe,
// and both functions are quick, as they may run on gRPC's own threads.
class CallStage {
 public:
  virtual ~CallStage() = default;

  // For logs and the test of the order: "request_id".
  virtual absl::string_view name() const = 0;

  // A named error ends the call with it.
  virtual absl::Status Enter(ServerCall& call) = 0;

  // `call` has ended as `summary` says; the caller has not been told yet. What the summary has of
  // the call's context is in the context no more.
  virtual void Leave(const ServerCall& call, const CallSummary& summary) {
    static_cast<void>(call);
    static_cast<void>(summary);
  }
};

}  // namespace clientele::rpc

#endif  // COMMON_RPC_CALL_STAGE_H_
