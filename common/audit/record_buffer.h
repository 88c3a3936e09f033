#ifndef COMMON_AUDIT_RECORD_BUFFER_H_
#define COMMON_AUDIT_RECORD_BUFFER_H_

// Calls that wait in memory to be written into the audit log: those that stand in no transaction of
// their own. Bounded: who wants to add one first asks for room, before the call is let in.
//
// Thread safety: thread-safe; Flush is called by one thread at a time.

#include <cstdint>
#include <deque>
#include <mutex>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/types/span.h"
#include "common/audit/call_record.h"

namespace clientele::audit {

class RecordBuffer {
 public:
  // A call weighs 1, and 1 more for each of its subjects once these are known: what is let in
  // before that may go beyond `weight_max` (positive).
  explicit RecordBuffer(int64_t weight_max) : weight_max_(weight_max) {}
  RecordBuffer(const RecordBuffer&) = delete;
  RecordBuffer& operator=(const RecordBuffer&) = delete;

  // Room for one call; false when there is none, which is counted.
  bool TryReserve();

  // Gives the room of one call back.
  void Release();

  // Puts a call into the room that was reserved for it.
  void Add(CallRecord call);

  // Calls `write` with what waits, oldest first, at most kFlushCallsMax calls at a time, until
  // nothing is left of what was there at the start. What could not be written waits on; the error
  // of `write`.
  absl::Status Flush(absl::FunctionRef<absl::Status(absl::Span<const CallRecord>)> write);

  // For metrics.
  int64_t waiting_count() const;
  int64_t refused_count() const;

 private:
  const int64_t weight_max_;
  mutable std::mutex mutex_;
  int64_t weight_ =
      0;  // of what waits, is being written, or has room reserved; by mutex_, as below
  int64_t refused_count_ = 0;
  // In parts of kFlushCallsMax, the last of which grows: there is always one.
  std::deque<std::vector<CallRecord>> waiting_{1};
  std::vector<CallRecord> writing_;  // by Flush
  // Flush's own: empty, with the memory that the next part grows in.
  std::vector<CallRecord> spare_;
};

}  // namespace clientele::audit

#endif  // COMMON_AUDIT_RECORD_BUFFER_H_
