#ifndef COMMON_AUDIT_CALL_RECORDER_H_
#define COMMON_AUDIT_CALL_RECORDER_H_

// Takes from the RPC wrapper the calls that the audit log must tell of and that no transaction has
// told of: reads of personal data, and writes that were refused, failed or changed nothing. Not
// what there was no room for, or no database (RESOURCE_EXHAUSTED, UNAVAILABLE): nothing was decided
// about its caller, nothing read, and it comes in masses just when the log has enough to do.

#include <string>
#include <vector>

#include "common/audit/record_buffer.h"
#include "common/rpc/call_audit.h"
#include "common/rpc/call_observer.h"
#include "common/time/clock.h"

namespace clientele::audit {

// Thread-safe; `buffer` and `clock` (the machine's) outlive it.
class CallRecorder final : public rpc::CallAudit {
 public:
  CallRecorder(RecordBuffer& buffer, const Clock& clock) : buffer_(buffer), clock_(clock) {}

  bool TryReserve() override { return buffer_.TryReserve(); }
  void OnEnded(const rpc::CallSummary& summary, std::vector<std::string> subjects) override;

 private:
  RecordBuffer& buffer_;
  const Clock& clock_;
};

}  // namespace clientele::audit

#endif  // COMMON_AUDIT_CALL_RECORDER_H_
