#include "common/rpc/stream_call.h"

#include <utility>

#include "common/rpc/rpc_errors.h"

namespace clientele::rpc {

StreamCall::StreamCall(CallPipeline& pipeline, const Method& method,
                       grpc::CallbackServerContext& context, std::function<void()> turn)
    : pipeline_(pipeline), call_(method, context) {
  call_.turns = StreamTurns::Make(pipeline.executor(), pipeline.timers(), std::move(turn));
  call_.submit = [this] { return call_.turns->Start(call_.arrival); };
}

StreamCall::~StreamCall() { pipeline_.End(call_); }

std::optional<grpc::Status> StreamCall::Begin() {
  const absl::Status refused = pipeline_.Begin(call_);
  if (refused.ok()) {
    return std::nullopt;
  }
  return pipeline_.Conclude(call_, refused);
}

absl::Status StreamCall::CheckStillWanted(bool is_first) const {
  if (is_first) {
    return pipeline_.CheckStillWanted(call_);
  }
  return call_.cancelled ? CallCancelled() : absl::OkStatus();
}

grpc::Status StreamCall::End(const absl::Status& outcome) {
  grpc::Status sent = pipeline_.Conclude(call_, outcome);
  call_.turns->Close();
  return sent;
}

void StreamCall::OnMessageReceived() { pipeline_.observer().OnMessageReceived(call_.method); }

void StreamCall::OnWriteDone(bool ok) {
  if (ok) {
    pipeline_.observer().OnMessageSent(call_.method);
  } else {
    call_.cancelled = true;
  }
  call_.turns->Resume();
}

void StreamCall::OnCancel() {
  call_.cancelled = true;
  call_.turns->Wake();
}

}  // namespace clientele::rpc
