#include "common/server/audit_work.h"

#include <utility>

#include "common/audit/limits.h"
#include "common/status/macros.h"

namespace clientele::server {

AuditWork::AuditWork(Parts parts)
    : is_on_(parts.is_on),
      on_failure_(std::move(parts.on_failure)),
      writer_(parts.database, parts.clock, parts.ids, std::move(parts.replica_name)),
      recorder_(writer_.buffer(), parts.clock) {
  const auto count = [](int64_t value) { return static_cast<double>(value); };
  parts.metrics.AddGaugeReading("audit_waiting_calls",
                                "Calls that wait in memory to be written into the audit log.", {},
                                [this, count] { return count(writer_.buffer().waiting_count()); });
  parts.metrics.AddCounterReading(
      "audit_refused_calls_total",
      "Calls that were refused because the audit log had no room for them.", {},
      [this, count] { return count(writer_.buffer().refused_count()); });
  parts.metrics.AddCounterReading("audit_chained_records_total",
                                  "Records that got their place in the audit log.", {},
                                  [this, count] { return count(writer_.chained_count()); });
  parts.metrics.AddCounterReading("audit_gaps_total",
                                  "Times that this server found itself or another replica ended "
                                  "before it had written the audit "
                                  "log.",
                                  {}, [this, count] { return count(writer_.gap_count()); });
}

absl::Status AuditWork::Start() {
  if (!is_on_) {
    return absl::OkStatus();
  }
  CLIENTELE_RETURN_IF_ERROR(writer_.Open());
  task_.emplace(audit::kWriteInterval, [this] {
    if (const absl::Status status = writer_.Write(); !status.ok()) {
      on_failure_(status);
    }
  });
  return absl::OkStatus();
}

void AuditWork::Stop() {
  if (!task_.has_value()) {
    return;
  }
  task_.reset();
  if (const absl::Status status = writer_.Close(); !status.ok()) {
    on_failure_(status);
  }
}

}  // namespace clientele::server
