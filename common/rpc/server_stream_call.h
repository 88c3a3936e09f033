#ifndef COMMON_RPC_SERVER_STREAM_CALL_H_
#define COMMON_RPC_SERVER_STREAM_CALL_H_

// Carries one stream of responses through the pipeline.
//
// Everything of the session happens in turns on the executor (StreamTurns): opened in the first,
// asked for one message in each, destroyed in the last, which alone calls Finish. gRPC's reactions
// only start turns: the end of a write resumes, a cancel wakes. So nothing here needs a lock.

#include <grpcpp/support/server_callback.h>

#include <functional>
#include <memory>
#include <utility>

#include "absl/status/statusor.h"
#include "common/rpc/call_pipeline.h"
#include "common/rpc/rpc_errors.h"
#include "common/rpc/server_call.h"
#include "common/rpc/stream_session.h"
#include "common/status/macros.h"

namespace clientele::rpc {

// Owns itself from Start to OnDone, as gRPC's reactors do.
template <typename Response>
class ServerStreamCall final : public grpc::ServerWriteReactor<Response> {
 public:
  using Session = ServerStreamSession<Response>;
  using OpenSession = std::function<absl::StatusOr<std::unique_ptr<Session>>(CallContext&)>;

  // Returns the reactor for gRPC; `pipeline`, `method` and `context` outlive the call.
  static grpc::ServerWriteReactor<Response>* Start(CallPipeline& pipeline, const Method& method,
                                                   grpc::CallbackServerContext& context,
                                                   OpenSession open_session) {
    auto* call = new ServerStreamCall(pipeline, method, context, std::move(open_session));
    if (const absl::Status refused = pipeline.Begin(call->call_); !refused.ok()) {
      call->Finish(pipeline.Conclude(call->call_, refused));
    }
    return call;
  }

  void OnWriteDone(bool ok) override {
    if (ok) {
      pipeline_.observer().OnMessageSent(call_.method);
    } else {
      call_.cancelled = true;
    }
    call_.turns->Resume();
  }

  void OnCancel() override {
    call_.cancelled = true;
    call_.turns->Wake();
  }

  void OnDone() override {
    pipeline_.End(call_);
    delete this;
  }

 private:
  ServerStreamCall(CallPipeline& pipeline, const Method& method,
                   grpc::CallbackServerContext& context, OpenSession open_session)
      : pipeline_(pipeline), call_(method, context), open_session_(std::move(open_session)) {
    call_.turns = StreamTurns::Make(pipeline.executor(), pipeline.timers(), [this] { TakeTurn(); });
    call_.submit = [this] { return call_.turns->Start(); };
  }

  void TakeTurn() {
    if (const absl::Status ready = EnsureSession(); !ready.ok()) {
      return EndStream(ready);
    }
    const bool draining = pipeline_.open_calls().draining();
    response_.Clear();
    const absl::StatusOr<StreamStep> step = session_->Next(response_, draining);
    if (!step.ok() || step->kind == StreamStep::Kind::kEnd) {
      return EndStream(step.status());
    }
    if (step->kind == StreamStep::Kind::kSend) {
      call_.turns->Block();
      this->StartWrite(&response_);
    } else if (draining) {
      EndStream(ShuttingDown());
    } else {
      call_.turns->Wait(step->wait_max);
    }
    // From here the next turn may be running on another thread.
  }

  // Opens the session in the first turn; an error ends the stream.
  absl::Status EnsureSession() {
    if (call_.cancelled) {
      return CallCancelled();
    }
    if (session_ != nullptr) {
      return absl::OkStatus();
    }
    CLIENTELE_RETURN_IF_ERROR(pipeline_.CheckStillWanted(call_));
    CLIENTELE_ASSIGN_OR_RETURN(session_, open_session_(call_.context));
    session_->SetWaker([turns = call_.turns] { turns->Wake(); });
    return absl::OkStatus();
  }

  void EndStream(const absl::Status& outcome) {
    session_.reset();
    const grpc::Status sent = pipeline_.Conclude(call_, outcome);
    call_.turns->Close();
    this->Finish(sent);  // last: the reactor may be gone when it returns
  }

  CallPipeline& pipeline_;
  ServerCall call_;
  const OpenSession open_session_;
  std::unique_ptr<Session> session_;
  Response response_;  // being filled in a turn or written between two
};

}  // namespace clientele::rpc

#endif  // COMMON_RPC_SERVER_STREAM_CALL_H_
