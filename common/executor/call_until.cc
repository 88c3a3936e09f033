#include "common/executor/call_until.h"

#include <atomic>

namespace clientele {
namespace {

// Of the process, since such calls outlive whoever began them.
std::atomic<int> left_count = 0;

}  // namespace

bool CallState::MayBegin() { return left_count < kCallsLeftMax; }

void CallState::SetReturned() {
  std::lock_guard<std::mutex> lock(mutex_);
  has_returned_ = true;
  if (is_left_) {
    --left_count;
  }
  changed_.notify_one();
}

bool CallState::AwaitReturn(absl::Time deadline) {
  std::unique_lock<std::mutex> lock(mutex_);
  const auto has_returned = [this] { return has_returned_; };
  if (deadline == absl::InfiniteFuture()) {
    changed_.wait(lock, has_returned);
  } else if (!changed_.wait_until(lock, absl::ToChronoTime(deadline), has_returned)) {
    is_left_ = true;
    ++left_count;
  }
  return has_returned_;
}

}  // namespace clientele
