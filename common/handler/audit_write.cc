#include "common/handler/audit_write.h"

#include <utility>

#include "common/audit/audit_store.h"
#include "common/status/macros.h"

namespace clientele {

std::optional<audit::CallRecord> WriteRecordOf(const rpc::CallContext& call) {
  if (!call.audits) {
    return std::nullopt;
  }
  return audit::CallRecord{.kind = common::v1::AuditRecord::KIND_WRITE,
                           .principal = call.principal,
                           .method = call.method,
                           .code = absl::StatusCodeToString(absl::StatusCode::kOk),
                           .reason = "",
                           .call_id = call.call_id,
                           .time = absl::UnixEpoch(),
                           .subjects = {}};
}

absl::Status AppendAudit(const HandlerContext& context, sql::Tx& tx,
                         std::vector<audit::CallRecord> records, absl::Time record_time) {
  for (audit::CallRecord& record : records) {
    record.time = record_time;
  }
  return audit::AppendToAuditOutbox(tx, audit::PackRecords(records, record_time, context.ids));
}

absl::Status AuditWrite(const HandlerContext& context, sql::Tx& tx, rpc::CallContext& call,
                        std::vector<std::string> subjects, absl::Time record_time) {
  std::optional<audit::CallRecord> record = WriteRecordOf(call);
  if (!record.has_value()) {
    return absl::OkStatus();
  }
  record->subjects = std::move(subjects);
  CLIENTELE_RETURN_IF_ERROR(AppendAudit(context, tx, {*std::move(record)}, record_time));
  call.audit_committed = true;
  return absl::OkStatus();
}

}  // namespace clientele
