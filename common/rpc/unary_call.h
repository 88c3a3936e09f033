#ifndef COMMON_RPC_UNARY_CALL_H_
#define COMMON_RPC_UNARY_CALL_H_

// Carries one unary call through the pipeline.

#include <grpcpp/support/server_callback.h>

#include <functional>

#include "absl/status/status.h"
#include "common/rpc/call_pipeline.h"
#include "common/rpc/server_call.h"

namespace clientele::rpc {

// Owns itself from Start to OnDone, as gRPC's reactors do.
class UnaryCall final : public grpc::ServerUnaryReactor {
 public:
  // Runs the handler and fills the response; called once, on the executor, when the call is let in.
  using Serve = std::function<absl::Status(CallContext&)>;

  // Returns the reactor for gRPC; `pipeline`, `method` and `context` outlive the call.
  static grpc::ServerUnaryReactor* Start(CallPipeline& pipeline, const Method& method,
                                         grpc::CallbackServerContext& context, Serve serve);

  void OnCancel() override;
  void OnDone() override;

 private:
  UnaryCall(CallPipeline& pipeline, const Method& method, grpc::CallbackServerContext& context,
            Serve serve);
  void Run();

  CallPipeline& pipeline_;
  ServerCall call_;
  const Serve serve_;
};

}  // namespace clientele::rpc

#endif  // COMMON_RPC_UNARY_CALL_H_
