#ifndef COMMON_SERVER_AUDIT_WORK_H_
#define COMMON_SERVER_AUDIT_WORK_H_

// The audit log in a running service: takes calls from the wrapper, writes them on a thread of its
// own, and shows metrics of it.

#include <functional>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "common/audit/audit_writer.h"
#include "common/audit/call_recorder.h"
#include "common/ids/uuid.h"
#include "common/observability/metrics.h"
#include "common/rpc/call_audit.h"
#include "common/server/periodic_task.h"
#include "common/sql/database.h"
#include "common/time/clock.h"

namespace clientele::server {

// calls() is thread-safe; the rest is called by one thread. What the constructor takes outlives it,
// and it lives until OpsPages::Close.
class AuditWork {
 public:
  struct Parts {
    bool is_on = false;  // off: nothing is written, and metrics stay at 0
    sql::Database& database;
    const Clock& clock;  // the machine's
    UuidV7Generator& ids;
    Metrics& metrics;
    std::string replica_name;
    // Told why a round failed; the next one tries again.
    std::function<void(const absl::Status&)> on_failure;
  };

  explicit AuditWork(Parts parts);

  // Stops.
  ~AuditWork() { Stop(); }
  AuditWork(const AuditWork&) = delete;
  AuditWork& operator=(const AuditWork&) = delete;

  // For the pipeline; null when it is off.
  rpc::CallAudit* calls() { return is_on_ ? &recorder_ : nullptr; }

  // Begins to write, before the first call is let in. The database's errors.
  absl::Status Start();

  // Writes the rest, once the last call has ended. Idempotent.
  void Stop();

 private:
  const bool is_on_;
  const std::function<void(const absl::Status&)> on_failure_;
  audit::AuditWriter writer_;
  audit::CallRecorder recorder_;
  std::optional<PeriodicTask> task_;
};

}  // namespace clientele::server

#endif  // COMMON_SERVER_AUDIT_WORK_H_
