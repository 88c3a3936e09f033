#ifndef COMMON_AUDIT_CALL_RECORD_H_
#define COMMON_AUDIT_CALL_RECORD_H_

// What the audit log tells of a call, and the form in which it is kept.

#include <string>
#include <vector>

#include "absl/time/time.h"
#include "absl/types/span.h"
#include "clientele/common/v1/audit_service.pb.h"
#include "common/ids/uuid.h"

namespace clientele::audit {

using Kind = clientele::common::v1::AuditRecord::Kind;

// One call, as AuditRecord and AuditedCall have it; a value.
struct CallRecord {
  Kind kind = clientele::common::v1::AuditRecord::KIND_UNSPECIFIED;
  std::string principal;
  std::string method;
  std::string code;
  std::string reason;
  std::string call_id;
  absl::Time time;
  std::vector<std::string> subjects;
};

// One or more calls of one caller that ended alike, as a row has them; a value.
struct StoredRecord {
  std::string id;          // a UUIDv7
  absl::Time record_time;  // to the microsecond
  std::string content;     // a serialized AuditRecord: what is hashed, so never serialized again
};

// The records of `calls`, each of which stands in one of them: many calls of one caller cost one
// row. The calls of a record keep their order.
std::vector<StoredRecord> PackRecords(absl::Span<const CallRecord> calls, absl::Time record_time,
                                      UuidV7Generator& ids);

}  // namespace clientele::audit

#endif  // COMMON_AUDIT_CALL_RECORD_H_
