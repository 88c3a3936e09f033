#include "common/rpc/unary_call.h"

#include "absl/time/clock.h"
#include "common/rpc/rpc_errors.h"

namespace clientele::rpc {

UnaryCall::UnaryCall(CallPipeline& pipeline, const Method& method,
                     grpc::CallbackServerContext& context, Messages messages)
    : pipeline_(pipeline), call_(method, context) {
  call_.request = messages.request;
  call_.response = messages.response;
  call_.submit = [this] {
    return RunNow() || pipeline_.executor().TrySubmit([this] { return Run(); }, call_.arrival);
  };
}

grpc::ServerUnaryReactor* UnaryCall::Start(std::unique_ptr<UnaryCall> owned) {
  UnaryCall* const call = owned.release();
  if (const absl::Status refused = call->pipeline_.Begin(call->call_); !refused.ok()) {
    call->sent_now_ = call->pipeline_.Conclude(call->call_, refused);
  }
  // Though the work may be over by now, gRPC keeps the reactor until it has been handed over.
  if (!call->sent_now_.has_value()) {
    return call;
  }
  grpc::ServerUnaryReactor* const reactor = call->call_.transport.DefaultReactor();
  reactor->Finish(*call->sent_now_);
  call->OnDone();
  return reactor;
}

void UnaryCall::OnCancel() { call_.cancelled = true; }

void UnaryCall::OnDone() {
  pipeline_.End(call_);
  delete this;
}

bool UnaryCall::RunNow() {
  const std::optional<absl::Status> outcome = ServeNow(call_.context);
  if (!outcome.has_value()) {
    return false;
  }
  sent_now_ = Conclude(*outcome);
  return true;
}

TaskEnd UnaryCall::Run() {
  absl::Status outcome = pipeline_.CheckStillWanted(call_);
  const TaskEnd end = outcome.ok() ? TaskEnd::kServed : TaskEnd::kNotServed;
  if (outcome.ok()) {
    outcome = Serve(call_.context);
  }
  // gRPC cancels a call at its deadline too.
  if (absl::IsDeadlineExceeded(outcome) && call_.cancelled &&
      absl::Now() < call_.context.deadline) {
    outcome = CallCancelled();  // what it waited for was given up, as at a deadline
  }
  Finish(Conclude(outcome));  // after which the call may be gone
  return end;
}

grpc::Status UnaryCall::Conclude(const absl::Status& outcome) {
  if (outcome.ok()) {
    pipeline_.observer().OnMessageSent(call_.method);
  }
  return pipeline_.Conclude(call_, outcome);
}

}  // namespace clientele::rpc
