#ifndef COMMON_RPC_BIDI_CALL_H_
#define COMMON_RPC_BIDI_CALL_H_

// Carries one stream in both directions through the pipeline. The session answers one request in
// each turn (stream_call.h). One request is read ahead while the one before it is handled; no more,
// so a slow server slows its caller down by HTTP/2 flow control.

#include <grpcpp/support/server_callback.h>

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

#include "absl/status/statusor.h"
#include "common/rpc/parsed.h"
#include "common/rpc/rpc_errors.h"
#include "common/rpc/stream_call.h"
#include "common/rpc/stream_session.h"
#include "common/status/macros.h"

namespace clientele::rpc {

// Owns itself from Start to OnDone, as gRPC's reactors do.
template <typename Request, typename Response>
class BidiCall final : public grpc::ServerBidiReactor<Parsed<Request>, Response> {
 public:
  using Session = BidiSession<Request, Response>;
  using OpenSession = std::function<absl::StatusOr<std::unique_ptr<Session>>(CallContext&)>;

  // Returns the reactor for gRPC; `pipeline`, `method` and `context` outlive the call.
  static grpc::ServerBidiReactor<Parsed<Request>, Response>* Start(
      CallPipeline& pipeline, const Method& method, grpc::CallbackServerContext& context,
      OpenSession open_session) {
    auto* call = new BidiCall(pipeline, method, context, std::move(open_session));
    if (const auto refused = call->call_.Begin(); refused.has_value()) {
      call->Finish(*refused);
    }
    // Though the work may be over by now, gRPC keeps the reactor until it has been handed over.
    return call;
  }

  void OnReadDone(bool ok) override {
    if (ok) {
      call_.OnMessageReceived();
    }
    {
      std::lock_guard<std::mutex> lock(read_mutex_);
      read_state_ = ok ? ReadState::kArrived : ReadState::kEnded;
    }
    call_.turns()->Wake();
  }

  void OnWriteDone(bool ok) override { call_.OnWriteDone(ok); }
  void OnCancel() override { call_.OnCancel(); }
  void OnDone() override { delete this; }

 private:
  enum class ReadState { kUnderWay, kArrived, kEnded };

  BidiCall(CallPipeline& pipeline, const Method& method, grpc::CallbackServerContext& context,
           OpenSession open_session)
      : call_(pipeline, method, context, [this] { TakeTurn(); }),
        open_session_(std::move(open_session)) {}

  void TakeTurn() {
    if (const absl::Status ready = EnsureSession(); !ready.ok()) {
      return EndStream(ready);
    }
    const ReadState arrived = TakeArrived();
    if (arrived == ReadState::kEnded) {
      return EndStream(absl::OkStatus());
    }
    if (call_.draining()) {
      // A request that was read ahead is dropped: it has no answer, so the caller sends it again.
      return EndStream(ShuttingDown());
    }
    if (arrived == ReadState::kUnderWay) {
      return call_.turns()->Wait(absl::InfiniteDuration());
    }
    this->StartRead(&arriving_);
    Answer();
  }

  // Opens the session and starts to read in the first turn; an error ends the stream.
  absl::Status EnsureSession() {
    CLIENTELE_RETURN_IF_ERROR(call_.CheckStillWanted(session_ == nullptr));
    if (session_ == nullptr) {
      CLIENTELE_ASSIGN_OR_RETURN(session_, open_session_(call_.context()));
      this->StartRead(&arriving_);
    }
    return absl::OkStatus();
  }

  // Moves a request that has arrived into request_ and makes room for the next.
  ReadState TakeArrived() {
    std::lock_guard<std::mutex> lock(read_mutex_);
    const ReadState state = read_state_;
    if (state == ReadState::kArrived) {
      request_.Swap(arriving_);
      read_state_ = ReadState::kUnderWay;
    }
    return state;
  }

  void Answer() {
    if (!request_.is_sound) {
      return EndStream(MalformedMessage(Request::descriptor()->full_name()));
    }
    absl::StatusOr<std::optional<Response>> answer = session_->Handle(request_.message);
    if (!answer.ok()) {
      return EndStream(answer.status());
    }
    if (!answer->has_value()) {
      return call_.turns()->Wait(absl::InfiniteDuration());
    }
    response_ = **std::move(answer);
    call_.turns()->Block();
    this->StartWrite(&response_);
    // From here the next turn may be running on another thread.
  }

  void EndStream(const absl::Status& outcome) {
    session_.reset();
    this->Finish(call_.End(outcome));  // last: the reactor may be gone when it returns
  }

  StreamCall call_;
  const OpenSession open_session_;
  std::unique_ptr<Session> session_;
  Parsed<Request> request_;  // being handled
  Response response_;        // being written
  std::mutex read_mutex_;
  ReadState read_state_ = ReadState::kUnderWay;  // guarded by read_mutex_
  Parsed<Request> arriving_;                     // gRPC's while a read is under way
};

}  // namespace clientele::rpc

#endif  // COMMON_RPC_BIDI_CALL_H_
