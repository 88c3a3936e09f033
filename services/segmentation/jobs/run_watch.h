#ifndef SERVICES_SEGMENTATION_JOBS_RUN_WATCH_H_
#define SERVICES_SEGMENTATION_JOBS_RUN_WATCH_H_

// What the parts of a run share: how far it is, and whether it has to end.

#include <atomic>
#include <cstdint>
#include <mutex>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "common/sql/database.h"
#include "services/segmentation/store/run_board.h"

namespace clientele::segmentation {

// Thread-safe.
class RunWatch {
 public:
  // `stopping` says that the process shuts down; both references outlive the watch.
  RunWatch(RunNo run_no, RunBoard& board, const std::atomic<bool>& stopping)
      : run_no_(run_no), board_(board), stopping_(stopping) {
    board_.Show(run_no_, progress_);
  }
  ~RunWatch() { board_.Clear(); }
  RunWatch(const RunWatch&) = delete;
  RunWatch& operator=(const RunWatch&) = delete;

  RunNo run_no() const { return run_no_; }

  // Shows a new phase with `total_count` things to do (0 = not known).
  void BeginPhase(absl::string_view phase, int64_t total_count) {
    Change([&](RunProgress& progress) { progress = {std::string(phase), 0, total_count}; });
  }
  void Advance(int64_t done_count) {
    Change([&](RunProgress& progress) { progress.done_count += done_count; });
  }
  RunProgress Progress() const {
    const std::lock_guard<std::mutex> lock(mutex_);
    return progress_;
  }

  // A safe point: CANCELLED when the process stops or a caller has asked to cancel the run.
  absl::Status Check(sql::Tx& tx) {
    if (stopping_) {
      return absl::CancelledError("the service stops");
    }
    const absl::StatusOr<bool> requested = IsCancelRequested(tx, run_no_);
    if (!requested.ok()) {
      return requested.status();
    }
    return *requested ? absl::CancelledError("a cancel was asked for") : absl::OkStatus();
  }

 private:
  template <typename Function>
  void Change(Function change) {
    const std::lock_guard<std::mutex> lock(mutex_);
    change(progress_);
    board_.Show(run_no_, progress_);
  }

  const RunNo run_no_;
  RunBoard& board_;
  const std::atomic<bool>& stopping_;
  mutable std::mutex mutex_;
  RunProgress progress_;
};

}  // namespace clientele::segmentation

#endif  // SERVICES_SEGMENTATION_JOBS_RUN_WATCH_H_
