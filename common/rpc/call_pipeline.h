#ifndef COMMON_RPC_CALL_PIPELINE_H_
#define COMMON_RPC_CALL_PIPELINE_H_

// The path of every call of one server: request id → log → metrics → deadline → authentication →
// audit → permission → admission → handler → status mapping.
//
// Services use it through GrpcService; the functions below the line are for the reactors that
// carry calls through it (unary_call.h, server_stream_call.h, bidi_call.h).
// Thread safety: thread-safe. It must outlive every call, so it is destroyed after the RpcServer.

#include <grpcpp/support/status.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "common/executor/executor.h"
#include "common/executor/timer_queue.h"
#include "common/ids/uuid.h"
#include "common/rpc/call_audit.h"
#include "common/rpc/call_observer.h"
#include "common/rpc/call_quota.h"
#include "common/rpc/call_stage.h"
#include "common/rpc/identity.h"
#include "common/rpc/open_calls.h"
#include "common/rpc/server_call.h"
#include "common/time/clock.h"

namespace clientele::rpc {

class CallPipeline {
 public:
  // What it is made of; the references outlive it.
  struct Parts {
    std::string service;  // "profile": errors have the domain "profile.clientele"
    Executor& executor;   // runs the handlers
    const Clock& clock;   // of the machine: deadlines and durations
    UuidV7Generator& uuids;
    CallLog& log;
    CallObserver& observer;
    Authenticator& authenticator;
    CallQuota& quota;
    CallAudit* audit = nullptr;  // null: nothing is audited
  };

  explicit CallPipeline(const Parts& parts);
  CallPipeline(const CallPipeline&) = delete;
  CallPipeline& operator=(const CallPipeline&) = delete;

  // The names of the stages, in order.
  std::vector<std::string> StageNames() const;

  // "<service>.clientele": for the statuses of items (ToRpcStatus).
  const std::string& error_domain() const { return error_domain_; }

  OpenCalls& open_calls() { return open_calls_; }

  // --- For the reactors of calls ---

  // Enters the stages up to admission. On an error the reactor concludes with it; on OK the work
  // has been submitted and may be over, so the caller no longer touches `call`.
  absl::Status Begin(ServerCall& call);

  // On the executor, before the handler: CANCELLED or DEADLINE_EXCEEDED when the wait in the queue
  // was too long for the caller, UNAVAILABLE SHUTTING_DOWN when it was for the server.
  absl::Status CheckStillWanted(const ServerCall& call) const;

  // Maps the outcome to what is sent, adds the trailers and leaves the stages. Once per call; the
  // reactor finishes with what this returns.
  grpc::Status Conclude(ServerCall& call, const absl::Status& outcome);

  // The call is over (OnDone). Its reactor deletes itself and touches the pipeline no more.
  void End(const ServerCall& call);

  Executor& executor() { return executor_; }
  TimerQueue& timers() { return timers_; }
  CallObserver& observer() { return observer_; }

 private:
  const std::string error_domain_;
  Executor& executor_;
  const Clock& clock_;
  CallObserver& observer_;
  TimerQueue timers_;
  OpenCalls open_calls_;
  const std::vector<std::unique_ptr<CallStage>> stages_;
};

}  // namespace clientele::rpc

#endif  // COMMON_RPC_CALL_PIPELINE_H_
