#ifndef SERVICES_SEGMENTATION_JOBS_RFM_EXECUTOR_H_
#define SERVICES_SEGMENTATION_JOBS_RFM_EXECUTOR_H_

// Does one run from beginning to end: loading, scoring, writing.
//
// Every attempt is counted in the run's row before it begins, so that a run that ends the process
// each time (out of memory, a defect) fails after kRunAttemptsMax attempts instead of keeping the
// service down for ever. An attempt that a shutdown interrupts is given back.
//
// A run leaves either a whole snapshot or nothing: scores are written first and become visible with
// the state SUCCEEDED; a run that fails or is cancelled deletes its own; one that a crash or a
// shutdown has interrupted begins again and deletes them first. Of the replicas that share a
// database one at a time works on runs, under a lease.

#include <atomic>
#include <functional>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/sql/database.h"
#include "common/time/clock.h"
#include "services/segmentation/jobs/population_loader.h"
#include "services/segmentation/jobs/run_lease.h"
#include "services/segmentation/jobs/run_watch.h"
#include "services/segmentation/store/rfm_run_store.h"
#include "services/segmentation/store/run_board.h"

namespace clientele::segmentation {

// What became of a run, for logs and metrics.
struct RunReport {
  std::string run_id;
  RunNo run_no{};
  RunState state = RunState::kRunning;  // RUNNING = interrupted, it will be tried again
  absl::Status error;                   // why it failed or was interrupted
  int64_t attempt_count = 0;            // attempts so far, this one included
  int64_t customer_count = 0;           // scored
  absl::Duration load_duration;
  absl::Duration score_duration;
  absl::Duration write_duration;
};

// Belongs to one thread; `stopping` may be set by any.
class RfmExecutor {
 public:
  // Everything referred to outlives it. `clock` is the machine's. `load_threads`: 1..64. `holder`:
  // who this process is among those that share the database.
  RfmExecutor(sql::Database& database, const Clock& clock, RunBoard& board,
              const std::atomic<bool>& stopping, int load_threads, const std::string& holder)
      : database_(database),
        clock_(clock),
        board_(board),
        stopping_(stopping),
        load_threads_(load_threads),
        lease_(database, holder, clock) {}

  // Does the oldest run that waits or was interrupted; nullopt when there is none, or another
  // process is at work. An error means that not even the run's end could be stored: try again
  // later.
  absl::StatusOr<std::optional<RunReport>> RunNext();

 private:
  absl::StatusOr<std::optional<RunReport>> RunNextHeld();
  absl::Status Execute(const RunRecord& run, RunReport& report);
  // Counts the attempt. RFM_RUN_ATTEMPTS_EXHAUSTED when there were enough.
  absl::Status BeginAttempt(const RunRecord& run, RunReport& report);
  // Decides what the run reads and marks it RUNNING.
  absl::StatusOr<RunInput> Begin(const RunRecord& run);
  absl::Status BeginPhase(RunWatch& watch, absl::string_view phase, int64_t total_count);
  // Stores how the run ended when it did not succeed, or that it will be tried again.
  absl::Status EndUnsuccessfully(const RunRecord& run, RunReport& report);

  sql::Database& database_;
  const Clock& clock_;
  RunBoard& board_;
  const std::atomic<bool>& stopping_;
  const int load_threads_;
  RunLease lease_;
};

}  // namespace clientele::segmentation

#endif  // SERVICES_SEGMENTATION_JOBS_RFM_EXECUTOR_H_
