#ifndef SERVICES_SEGMENTATION_JOBS_RFM_RUNNER_H_
#define SERVICES_SEGMENTATION_JOBS_RFM_RUNNER_H_

// The thread that does runs, one at a time, in the order in which they were accepted.

#include <atomic>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

#include "absl/time/time.h"
#include "common/sql/database.h"
#include "common/time/clock.h"
#include "services/segmentation/jobs/rfm_executor.h"
#include "services/segmentation/store/run_board.h"

namespace clientele::segmentation {

struct RfmRunnerOptions {
  std::string holder = "local";  // who this process is, see feed::Lease

  int load_threads = 2;  // 1..64; each reads a range of the customers

  // How long to wait after an interrupted run or when an end could not be stored.
  absl::Duration retry_wait = absl::Seconds(2);
};

// Thread-safe. The queue is the database: a run is durable before StartRun answers, and what a
// restart interrupted is taken up first. Of the replicas that share a database one works at a time;
// when it dies, another one takes its run up.
class RfmRunner {
 public:
  // What is referred to outlives it. `on_report` is called on the runner's thread after each run.
  RfmRunner(RfmRunnerOptions options, sql::Database& database, const Clock& clock, RunBoard& board,
            std::function<void(const RunReport&)> on_report);

  // Stops.
  ~RfmRunner();

  // Begins to work. Once only.
  void Start();

  // There may be a new run.
  void Poke();

  // Leaves the run under way at its next safe point, to be taken up at the next start, and joins
  // the thread. Idempotent.
  void Stop();

 private:
  void Loop();
  // Sleeps until poked or stopped, at most `wait_max`. False when stopped.
  bool WaitForWork(absl::Duration wait_max);

  const RfmRunnerOptions options_;
  const std::function<void(const RunReport&)> on_report_;
  std::atomic<bool> stopping_ = false;
  RfmExecutor executor_;  // by the thread only

  std::mutex mutex_;
  std::condition_variable changed_;
  bool poked_ = false;
  std::thread thread_;
};

}  // namespace clientele::segmentation

#endif  // SERVICES_SEGMENTATION_JOBS_RFM_RUNNER_H_
