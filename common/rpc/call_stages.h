#ifndef COMMON_RPC_CALL_STAGES_H_
#define COMMON_RPC_CALL_STAGES_H_

// The one place that says which stages a call passes and in which order.

#include <memory>
#include <string>
#include <vector>

#include "common/ids/uuid.h"
#include "common/rpc/call_audit.h"
#include "common/rpc/call_quota.h"
#include "common/rpc/call_stage.h"
#include "common/rpc/identity.h"
#include "common/rpc/open_calls.h"
#include "common/time/clock.h"

namespace clientele::rpc {

// What the stages work with; everything is thread-safe and outlives them.
struct CallStageParts {
  const Clock& clock;
  UuidV7Generator& uuids;
  CallLog& log;
  CallObserver& observer;
  Authenticator& authenticator;
  CallQuota& quota;
  CallAudit* audit;  // null: nothing is audited
  const OpenCalls& open_calls;
};

// request_id, log, metrics, deadline, authentication, audit, permission, admission. The handler and
// the status mapping follow (call_pipeline.h).
std::vector<std::unique_ptr<CallStage>> MakeCallStages(const CallStageParts& parts);

// Whether the call can still be begun at `now`: DEADLINE_EXCEEDED when its deadline has passed, or
// when it is a write with less than kWriteTimeMin left. The stage "deadline" asks on arrival, the
// pipeline once more after the wait in the queue.
absl::Status CheckDeadline(const ServerCall& call, absl::Time now);

}  // namespace clientele::rpc

#endif  // COMMON_RPC_CALL_STAGES_H_
