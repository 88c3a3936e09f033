#ifndef COMMON_AUDIT_AUDIT_STORE_H_
#define COMMON_AUDIT_AUDIT_STORE_H_

// The rows of the audit log. Its tables come from clientele::audit::Migrations()
// ("common/audit/migrations.h").
//
// Thread safety: functions on a transaction. Errors: the database's.

#include <cstdint>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "common/audit/audit_chain.h"
#include "common/audit/call_record.h"
#include "common/sql/database.h"

namespace clientele::audit {

// Stores records that the chainer will give their places.
absl::Status AppendToAuditOutbox(sql::Tx& tx, absl::Span<const StoredRecord> records);

// The head of a partition.
absl::StatusOr<chain::Head> ReadHead(sql::Tx& tx, int partition);

// Calls `on_entry` with the entries from position `from` on, at most `limit`, by position; an error
// of it ends the reading and is returned.
absl::Status ReadEntries(sql::Tx& tx, int partition, int64_t from, int limit,
                         absl::FunctionRef<absl::Status(Entry entry)> on_entry);

// Notes that the process `name` writes records from memory at `now`; answers whether it was noted
// as writing before.
absl::StatusOr<bool> NoteWriter(sql::Tx& tx, absl::string_view name, absl::Time now);

// Takes back the note of a process that has written its last record.
absl::Status ForgetWriter(sql::Tx& tx, absl::string_view name);

// Takes back the notes of processes that were noted before `time` and not since; answers their
// names. Those of a release that does not say when stay.
absl::StatusOr<std::vector<std::string>> ForgetSilentWriters(sql::Tx& tx, absl::Time time);

}  // namespace clientele::audit

#endif  // COMMON_AUDIT_AUDIT_STORE_H_
