#ifndef COMMON_RPC_SERVER_STREAM_CALL_H_
#define COMMON_RPC_SERVER_STREAM_CALL_H_

// Carries one stream of responses through the pipeline. The session is asked for one message in
// each turn (stream_call.h); nothing here runs twice at a time, so it needs no lock.

#include <grpcpp/support/server_callback.h>

#include <functional>
#include <memory>
#include <utility>

#include "absl/status/statusor.h"
#include "common/rpc/rpc_errors.h"
#include "common/rpc/stream_call.h"
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
    if (const auto refused = call->call_.Begin(); refused.has_value()) {
      call->Finish(*refused);
    }
    // Though the work may be over by now, gRPC keeps the reactor until it has been handed over.
    return call;
  }

  void OnWriteDone(bool ok) override { call_.OnWriteDone(ok); }
  void OnCancel() override { call_.OnCancel(); }
  void OnDone() override { delete this; }

 private:
  ServerStreamCall(CallPipeline& pipeline, const Method& method,
                   grpc::CallbackServerContext& context, OpenSession open_session)
      : call_(pipeline, method, context, [this] { TakeTurn(); }),
        open_session_(std::move(open_session)) {}

  void TakeTurn() {
    if (const absl::Status ready = EnsureSession(); !ready.ok()) {
      return EndStream(ready);
    }
    const bool draining = call_.draining();
    response_.Clear();
    const absl::StatusOr<StreamStep> step = session_->Next(response_, draining);
    if (!step.ok() || step->kind == StreamStep::Kind::kEnd) {
      return EndStream(step.status());
    }
    if (step->kind == StreamStep::Kind::kSend) {
      call_.turns()->Block();
      this->StartWrite(&response_);
    } else if (draining) {
      EndStream(ShuttingDown());
    } else {
      call_.turns()->Wait(step->wait_max);
    }
    // From here the next turn may be running on another thread.
  }

  // Opens the session in the first turn; an error ends the stream.
  absl::Status EnsureSession() {
    CLIENTELE_RETURN_IF_ERROR(call_.CheckStillWanted(session_ == nullptr));
    if (session_ == nullptr) {
      CLIENTELE_ASSIGN_OR_RETURN(session_, open_session_(call_.context()));
      session_->SetWaker([turns = call_.turns()] { turns->Wake(); });
    }
    return absl::OkStatus();
  }

  void EndStream(const absl::Status& outcome) {
    session_.reset();
    this->Finish(call_.End(outcome));  // last: the reactor may be gone when it returns
  }

  StreamCall call_;
  const OpenSession open_session_;
  std::unique_ptr<Session> session_;
  Response response_;  // filled in a turn, written between two
};

}  // namespace clientele::rpc

#endif  // COMMON_RPC_SERVER_STREAM_CALL_H_
