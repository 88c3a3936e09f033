#include "common/observability/job_metrics.h"

#include <algorithm>
#include <string>

namespace clientele {
namespace {

prometheus::Labels TaskLabel(absl::string_view task) { return {{"task", std::string(task)}}; }

}  // namespace

JobMetrics::JobMetrics(Metrics& metrics, const Clock& clock, absl::string_view task,
                       absl::Duration interval)
    : clock_(clock),
      interval_(interval),
      start_time_(clock.Now()),
      last_success_(metrics.AddGauge("job_last_success_timestamp_seconds",
                                     "When a job last succeeded; 0 = not yet.", TaskLabel(task))),
      last_duration_(metrics.AddGauge("job_last_duration_seconds",
                                      "How long the last round of a job took.", TaskLabel(task))) {
  metrics.AddGaugeReading(
      "job_overdue_seconds",
      "How long ago a round of a job should have succeeded; 0 while it is in time.",
      TaskLabel(task), [this] { return OverdueSeconds(); });
}

absl::Status JobMetrics::Run(absl::FunctionRef<absl::Status()> round) {
  const absl::Time begin = clock_.Now();
  absl::Status status = round();
  const absl::Time end = clock_.Now();
  last_duration_.Set(absl::ToDoubleSeconds(end - begin));
  if (status.ok()) {
    last_success_.Set(TimestampSeconds(end));
  }
  return status;
}

double JobMetrics::OverdueSeconds() const {
  const double last = std::max(last_success_.Value(), TimestampSeconds(start_time_));
  return std::max(0.0, TimestampSeconds(clock_.Now() - interval_) - last);
}

}  // namespace clientele
