#include "services/complaints/jobs/job_thread.h"

#include <chrono>
#include <utility>

#include "common/status/macros.h"

namespace clientele::complaints {

JobThread::JobThread(std::function<absl::Duration()> round) : round_(std::move(round)) {}

JobThread::~JobThread() { Stop(); }

void JobThread::Start() {
  CLIENTELE_CHECK(!thread_.joinable());
  thread_ = std::thread([this] { Loop(); });
}

void JobThread::Poke() {
  const std::lock_guard<std::mutex> lock(mutex_);
  poked_ = true;
  changed_.notify_all();
}

void JobThread::Stop() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    stopping_ = true;
    changed_.notify_all();
  }
  if (thread_.joinable()) {
    thread_.join();
  }
}

void JobThread::Loop() {
  absl::Duration wait_max = absl::ZeroDuration();
  while (WaitForWork(wait_max)) {
    wait_max = round_();
  }
}

bool JobThread::WaitForWork(absl::Duration wait_max) {
  std::unique_lock<std::mutex> lock(mutex_);
  changed_.wait_for(lock, absl::ToChronoMilliseconds(wait_max),
                    [this] { return poked_ || stopping_; });
  poked_ = false;
  return !stopping_;
}

}  // namespace clientele::complaints
