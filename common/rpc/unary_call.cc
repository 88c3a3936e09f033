#include "common/rpc/unary_call.h"

#include <utility>

namespace clientele::rpc {

UnaryCall::UnaryCall(CallPipeline& pipeline, const Method& method,
                     grpc::CallbackServerContext& context, Serve serve)
    : pipeline_(pipeline), call_(method, context), serve_(std::move(serve)) {
  call_.submit = [this] { return pipeline_.executor().TrySubmit([this] { Run(); }); };
}

grpc::ServerUnaryReactor* UnaryCall::Start(CallPipeline& pipeline, const Method& method,
                                           grpc::CallbackServerContext& context, Serve serve) {
  auto* call = new UnaryCall(pipeline, method, context, std::move(serve));
  if (const absl::Status refused = pipeline.Begin(call->call_); !refused.ok()) {
    call->Finish(pipeline.Conclude(call->call_, refused));
  }
  // Though the work may be over by now, gRPC keeps the reactor until it has been handed over.
  return call;
}

void UnaryCall::OnCancel() { call_.cancelled = true; }

void UnaryCall::OnDone() {
  pipeline_.End(call_);
  delete this;
}

void UnaryCall::Run() {
  absl::Status outcome = pipeline_.CheckStillWanted(call_);
  if (outcome.ok()) {
    outcome = serve_(call_.context);
  }
  if (outcome.ok()) {
    pipeline_.observer().OnMessageSent(call_.method);
  }
  Finish(pipeline_.Conclude(call_, outcome));
}

}  // namespace clientele::rpc
