#ifndef COMMON_SERVER_PERIODIC_JOB_H_
#define COMMON_SERVER_PERIODIC_JOB_H_

// A job of a server: done again and again on a thread of its own, with the metrics of
// job_metrics.h.

#include <atomic>
#include <functional>
#include <optional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/observability/job_metrics.h"
#include "common/observability/metrics.h"
#include "common/server/periodic_task.h"
#include "common/time/clock.h"

namespace clientele::server {

// Used by one thread; its metrics are read by others. Stops when it is destroyed. `metrics` and
// `clock` outlive it, and it lives until OpsPages::Close.
class PeriodicJob {
 public:
  // Shows the metrics of `task`, a round of which is due every `interval` from now on.
  PeriodicJob(Metrics& metrics, const Clock& clock, absl::string_view task, absl::Duration interval)
      : interval_(interval), metrics_(metrics, clock, task, interval) {}

  // Runs `round` after each interval until Stop; `on_failure` is told why one failed. Once only.
  void Start(std::function<absl::Status()> round,
             std::function<void(const absl::Status&)> on_failure);

  // The same with work in parts: a round that answers true has left some, and the next one follows
  // at once.
  void StartInParts(std::function<absl::StatusOr<bool>()> round,
                    std::function<void(const absl::Status&)> on_failure);

  // Waits for a round under way; no other begins. Idempotent.
  void Stop();

 private:
  const absl::Duration interval_;
  JobMetrics metrics_;
  std::atomic<bool> is_stopping_{false};
  std::optional<PeriodicTask> task_;
};

}  // namespace clientele::server

#endif  // COMMON_SERVER_PERIODIC_JOB_H_
