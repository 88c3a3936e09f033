#ifndef SERVICES_SEGMENTATION_STORE_RUN_BOARD_H_
#define SERVICES_SEGMENTATION_STORE_RUN_BOARD_H_

// Where the runner of this process shows how far the run under way has come, so that progress costs
// no write. The database knows it only as of the last change of phase.

#include <mutex>
#include <optional>
#include <utility>

#include "services/segmentation/store/rfm_run_store.h"

namespace clientele::segmentation {

// Thread-safe.
class RunBoard {
 public:
  void Show(RunNo run_no, RunProgress progress) {
    const std::lock_guard<std::mutex> lock(mutex_);
    run_no_ = run_no;
    progress_ = std::move(progress);
  }

  void Clear() {
    const std::lock_guard<std::mutex> lock(mutex_);
    run_no_.reset();
  }

  // nullopt when this process does not work on the run.
  std::optional<RunProgress> Find(RunNo run_no) const {
    const std::lock_guard<std::mutex> lock(mutex_);
    return run_no_ == run_no ? std::optional<RunProgress>(progress_) : std::nullopt;
  }

 private:
  mutable std::mutex mutex_;
  std::optional<RunNo> run_no_;
  RunProgress progress_;
};

}  // namespace clientele::segmentation

#endif  // SERVICES_SEGMENTATION_STORE_RUN_BOARD_H_
