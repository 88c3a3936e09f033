#ifndef COMMON_RPC_CALL_OBSERVER_H_
#define COMMON_RPC_CALL_OBSERVER_H_

// What the wrapper tells of every call: to metrics (CallObserver) and to the log (CallLog). Neither
// ever sees a payload. common/observability turns these into grpc_server_* series and JSON lines.

#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/rpc/method.h"

namespace clientele::rpc {

// What the audit log has of a call.
enum class AuditState {
  kNotWanted,  // it is none of those that stand there, or was refused for want of room there
  kCommitted,  // its record, stored with its effect; of a repeated request the first one's
  kDue,        // nothing yet
};

// How a call ended.
struct CallSummary {
  const Method& method;
  std::string call_id;
  std::string trace_id;   // of the caller's traceparent; empty without
  std::string principal;  // empty when the call ended before it was known
  absl::StatusCode code;  // as sent
  std::string reason;     // ErrorInfo.reason as sent; empty when OK
  // What the caller was not told: why an INTERNAL happened, what the database said. For the log
  // alone; without personal data.
  std::string hidden_message;
  absl::Duration duration;
  bool replayed = false;
  bool let_in = false;  // by the stage "admission"; what is refused after that had begun
  AuditState audit = AuditState::kNotWanted;
};

// Counts calls and messages. Called from many threads at once; must be quick and must not throw.
class CallObserver {
 public:
  virtual ~CallObserver() = default;
  virtual void OnStarted(const Method& method) = 0;
  virtual void OnMessageReceived(const Method& method) = 0;
  virtual void OnMessageSent(const Method& method) = 0;
  virtual void OnHandled(const CallSummary& summary) = 0;
};

// Writes one line per call (the implementation may sample reads). As CallObserver otherwise.
class CallLog {
 public:
  virtual ~CallLog() = default;
  virtual void Write(const CallSummary& summary) = 0;
};

}  // namespace clientele::rpc

#endif  // COMMON_RPC_CALL_OBSERVER_H_
