#ifndef COMMON_RPC_CALL_AUDIT_H_
#define COMMON_RPC_CALL_AUDIT_H_

// Where the wrapper takes what the audit log must tell of calls. common/audit keeps it.

#include <string>
#include <vector>

#include "common/rpc/call_observer.h"

namespace clientele::rpc {

// Called from many threads at once; must be quick and must not block.
class CallAudit {
 public:
  virtual ~CallAudit() = default;

  // Keeps room for what OnEnded will say of one call of a known caller; false when there is none
  // left, and the call is refused.
  virtual bool TryReserve() = 0;

  // The call has ended, and gives its room back: summary.audit is kCommitted, or kDue with whom and
  // what the call was about (subjects.h). Once for each TryReserve that answered true.
  virtual void OnEnded(const CallSummary& summary, std::vector<std::string> subjects) = 0;
};

}  // namespace clientele::rpc

#endif  // COMMON_RPC_CALL_AUDIT_H_
