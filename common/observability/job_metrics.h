#ifndef COMMON_OBSERVABILITY_JOB_METRICS_H_
#define COMMON_OBSERVABILITY_JOB_METRICS_H_

// What a job that a server does in rounds says about itself:
//   clientele_<svc>_job_last_success_timestamp_seconds{task}  0 = it has not succeeded yet
//   clientele_<svc>_job_last_duration_seconds{task}           of the last round, failed or not
//   clientele_<svc>_job_overdue_seconds{task}                 0 = it is in time
// The label is not called "job" because Prometheus' own of that name would take its place.

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/observability/metrics.h"
#include "common/time/clock.h"

namespace clientele {

// Thread-safe, but its rounds come one after the other. `metrics` and `clock` outlive it; it lives
// until OpsPages::Close.
class JobMetrics {
 public:
  // `interval` (positive) is how often a round is due, the first one that long after construction.
  JobMetrics(Metrics& metrics, const Clock& clock, absl::string_view task, absl::Duration interval);
  JobMetrics(const JobMetrics&) = delete;
  JobMetrics& operator=(const JobMetrics&) = delete;

  // Runs a round on the calling thread; answers its status.
  absl::Status Run(absl::FunctionRef<absl::Status()> round);

 private:
  // How long ago a round should have succeeded.
  double OverdueSeconds() const;

  const Clock& clock_;
  const absl::Duration interval_;
  const absl::Time start_time_;
  prometheus::Gauge& last_success_;
  prometheus::Gauge& last_duration_;
};

}  // namespace clientele

#endif  // COMMON_OBSERVABILITY_JOB_METRICS_H_
