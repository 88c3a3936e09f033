#ifndef COMMON_HANDLER_AUDIT_WRITE_H_
#define COMMON_HANDLER_AUDIT_WRITE_H_

// What the audit log tells of writes, stored in the transaction of what they did.

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/audit/call_record.h"
#include "common/handler/handler_context.h"
#include "common/rpc/call_context.h"
#include "common/sql/database.h"

namespace clientele {

// The record of a write of `call`, as yet about nobody; nullopt when it is not audited.
std::optional<audit::CallRecord> WriteRecordOf(const rpc::CallContext& call);

// Stores the records of several calls that write in one transaction. The database's errors.
absl::Status AppendAudit(const HandlerContext& context, sql::Tx& tx,
                         std::vector<audit::CallRecord> records, absl::Time record_time);

// Stores the record of `call`, when it is audited, and marks it so. The database's errors.
absl::Status AuditWrite(const HandlerContext& context, sql::Tx& tx, rpc::CallContext& call,
                        std::vector<std::string> subjects, absl::Time record_time);

}  // namespace clientele

#endif  // COMMON_HANDLER_AUDIT_WRITE_H_
