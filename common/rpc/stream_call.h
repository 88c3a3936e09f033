#ifndef COMMON_RPC_STREAM_CALL_H_
#define COMMON_RPC_STREAM_CALL_H_

// What the reactors of both kinds of stream share: the way through the pipeline, and the turns.
//
// Everything of a session happens in turns on the executor (StreamTurns): it is opened in the
// first, used in each, and destroyed in the last, which alone calls Finish. gRPC's reactions only
// start turns: the end of a write resumes, a request that arrives or a cancel wakes.

#include <grpcpp/support/status.h>

#include <functional>
#include <optional>

#include "absl/status/status.h"
#include "common/rpc/call_pipeline.h"
#include "common/rpc/server_call.h"

namespace clientele::rpc {

// A member of the reactor, declared first so that it is destroyed last. Thread safety: On… are
// reactions and may come at any time; the others belong to the turns, or to the start.
class StreamCall {
 public:
  // `turn` is called on the executor, one at a time. The references outlive the call.
  StreamCall(CallPipeline& pipeline, const Method& method, grpc::CallbackServerContext& context,
             std::function<void()> turn);
  ~StreamCall();
  StreamCall(const StreamCall&) = delete;
  StreamCall& operator=(const StreamCall&) = delete;

  // Takes the call through the stages. What is returned is what to finish with: it was refused;
  // with nullopt the first turn has been queued.
  std::optional<grpc::Status> Begin();

  // At the beginning of a turn: why to end the stream now. `is_first` asks also for the deadline,
  // which may have passed in the queue; later gRPC cancels the call when it passes.
  absl::Status CheckStillWanted(bool is_first) const;

  // Ends the last turn, whose session is gone; the reactor finishes with what this returns and
  // touches nothing after that.
  grpc::Status End(const absl::Status& outcome);

  bool draining() const { return pipeline_.open_calls().draining(); }
  CallContext& context() { return call_.context; }
  const std::shared_ptr<StreamTurns>& turns() const { return call_.turns; }

  void OnMessageReceived();
  // The write that a turn began after turns()->Block() has ended: starts the next turn.
  void OnWriteDone(bool ok);
  void OnCancel();

 private:
  CallPipeline& pipeline_;
  ServerCall call_;
};

}  // namespace clientele::rpc

#endif  // COMMON_RPC_STREAM_CALL_H_
