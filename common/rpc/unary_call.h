#ifndef COMMON_RPC_UNARY_CALL_H_
#define COMMON_RPC_UNARY_CALL_H_

// Carries one unary call through the pipeline.

#include <grpcpp/support/server_callback.h>

#include <memory>
#include <optional>

#include "absl/status/status.h"
#include "common/executor/arrival_queue.h"
#include "common/rpc/call_pipeline.h"
#include "common/rpc/server_call.h"
#include "google/protobuf/message.h"

namespace clientele::rpc {

// Owns itself from Start to OnDone, as gRPC's reactors do. A call that is answered or refused at
// once is handed to gRPC's default reactor instead, which needs no other thread for its end.
class UnaryCall : public grpc::ServerUnaryReactor {
 public:
  // Of the call; null as in ServerCall.
  struct Messages {
    const google::protobuf::Message* request = nullptr;
    const google::protobuf::Message* response = nullptr;
  };

  // Returns the reactor for gRPC.
  static grpc::ServerUnaryReactor* Start(std::unique_ptr<UnaryCall> call);

  void OnCancel() override;
  void OnDone() override;

 protected:
  // All of them outlive the call.
  UnaryCall(CallPipeline& pipeline, const Method& method, grpc::CallbackServerContext& context,
            Messages messages);

 private:
  // Runs the handler and fills the response; called once, on the executor, when the call is let in.
  virtual absl::Status Serve(CallContext& call) = 0;

  // Does the same at once, on gRPC's own thread, when it need not block for it; nullopt when it
  // would have to. Asked before Serve.
  virtual std::optional<absl::Status> ServeNow(CallContext& call) = 0;

  // False when that would have to block.
  bool RunNow();
  TaskEnd Run();  // kNotServed when nobody wanted it any more
  // Leaves the stages; answers what is to be sent.
  grpc::Status Conclude(const absl::Status& outcome);

  CallPipeline& pipeline_;
  ServerCall call_;
  std::optional<grpc::Status> sent_now_;  // by the time Start returns
};

}  // namespace clientele::rpc

#endif  // COMMON_RPC_UNARY_CALL_H_
