#ifndef COMMON_AUDIT_AUDIT_WRITER_H_
#define COMMON_AUDIT_AUDIT_WRITER_H_

// Brings the audit log of one process forward: from memory to the outbox, from there into the
// chains.
//
// Thread safety: buffer() and the counts are thread-safe; the rest is called by one thread at a
// time. `database`, `clock` (the machine's) and `ids` outlive it.

#include <atomic>
#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "common/audit/audit_chainer.h"
#include "common/audit/record_buffer.h"
#include "common/ids/uuid.h"
#include "common/sql/database.h"
#include "common/time/clock.h"

namespace clientele::audit {

class AuditWriter {
 public:
  // `name`: this process among those that share the database, the same after a restart.
  AuditWriter(sql::Database& database, const Clock& clock, UuidV7Generator& ids, std::string name);

  // Where calls wait that stand in no transaction of their own.
  RecordBuffer& buffer() { return buffer_; }

  // Begins, before any call is let in. When the process was ended the last time before it had
  // written everything, the log gets a record of the kind GAP.
  absl::Status Open();

  // Writes what waits in memory, and chains what the outbox holds. Every kSeenInterval it also says
  // that this process writes, and tells a GAP of each other one that has not for kSilenceMax: it
  // was ended, and may never come back. Call it every kWriteInterval.
  absl::Status Write();

  // Write, and notes that nothing is missing.
  absl::Status Close();

  // For metrics: records chained and gaps told by this object.
  int64_t chained_count() const { return chained_count_.load(std::memory_order_relaxed); }
  int64_t gap_count() const { return gap_count_.load(std::memory_order_relaxed); }

 private:
  absl::Status Store(absl::Span<const CallRecord> calls);
  absl::Status SaySeen();
  absl::Status TellGap(sql::Tx& tx, absl::string_view name, absl::Time now);

  sql::Database& database_;
  const Clock& clock_;
  UuidV7Generator& ids_;
  const std::string name_;
  RecordBuffer buffer_;
  AuditChainer chainer_;
  absl::Time seen_time_ = absl::InfinitePast();  // when this process last said that it writes
  std::atomic<int64_t> chained_count_{0};
  std::atomic<int64_t> gap_count_{0};
};

}  // namespace clientele::audit

#endif  // COMMON_AUDIT_AUDIT_WRITER_H_
