#include "services/segmentation/jobs/rfm_runner.h"

#include <chrono>
#include <utility>

#include "common/status/macros.h"

namespace clientele::segmentation {
namespace {

// How long an idle runner sleeps at most, so that it finds the runs that a process which died has
// left.
constexpr absl::Duration kIdleWaitMax = absl::Seconds(5);

}  // namespace

RfmRunner::RfmRunner(RfmRunnerOptions options, sql::Database& database, const Clock& clock,
                     RunBoard& board, std::function<void(const RunReport&)> on_report)
    : options_(options),
      on_report_(std::move(on_report)),
      executor_(database, clock, board, stopping_, options.load_threads, options.holder) {}

RfmRunner::~RfmRunner() { Stop(); }

void RfmRunner::Start() {
  CLIENTELE_CHECK(!thread_.joinable());
  thread_ = std::thread([this] { Loop(); });
}

void RfmRunner::Poke() {
  const std::lock_guard<std::mutex> lock(mutex_);
  poked_ = true;
  changed_.notify_all();
}

void RfmRunner::Stop() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    stopping_ = true;
    changed_.notify_all();
  }
  if (thread_.joinable()) {
    thread_.join();
  }
}

void RfmRunner::Loop() {
  absl::Duration wait_max = absl::ZeroDuration();
  while (WaitForWork(wait_max)) {
    const absl::StatusOr<std::optional<RunReport>> report = executor_.RunNext();
    if (!report.ok()) {
      on_report_(RunReport{.error = report.status()});
      wait_max = options_.retry_wait;
    } else if (!report->has_value()) {
      wait_max = kIdleWaitMax;
    } else {
      on_report_(**report);
      wait_max =
          (*report)->state == RunState::kRunning ? options_.retry_wait : absl::ZeroDuration();
    }
  }
}

bool RfmRunner::WaitForWork(absl::Duration wait_max) {
  std::unique_lock<std::mutex> lock(mutex_);
  changed_.wait_for(lock, absl::ToChronoMilliseconds(wait_max),
                    [this] { return poked_ || stopping_; });
  poked_ = false;
  return !stopping_;
}

}  // namespace clientele::segmentation
