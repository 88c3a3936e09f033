#include "common/audit/call_recorder.h"

#include <utility>

#include "absl/status/status.h"
#include "common/audit/call_record.h"

namespace clientele::audit {

namespace v1 = clientele::common::v1;

namespace {

bool IsWanted(const rpc::CallSummary& summary) {
  return summary.audit == rpc::AuditState::kDue &&
         summary.code != absl::StatusCode::kResourceExhausted &&
         summary.code != absl::StatusCode::kUnavailable;
}

}  // namespace

void CallRecorder::OnEnded(const rpc::CallSummary& summary, std::vector<std::string> subjects) {
  if (!IsWanted(summary)) {
    return buffer_.Release();
  }
  buffer_.Add({.kind = summary.method.policy.audit() ? v1::AuditRecord::KIND_ATTEMPT
                                                     : v1::AuditRecord::KIND_READ,
               .principal = summary.principal,
               .method = summary.method.path,
               .code = absl::StatusCodeToString(summary.code),
               .reason = summary.reason,
               .call_id = summary.call_id,
               .time = clock_.Now(),
               .subjects = std::move(subjects)});
}

}  // namespace clientele::audit
