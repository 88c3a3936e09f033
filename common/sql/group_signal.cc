#include "common/sql/group_signal.h"

namespace clientele::sql {

void GroupSignal::Summon() {
  {
    std::lock_guard<std::mutex> lock(mutex_);
    is_summoned_ = true;
  }
  changed_.notify_one();
}

void GroupSignal::TellDecided() {
  {
    std::lock_guard<std::mutex> lock(mutex_);
    is_decided_ = true;
  }
  changed_.notify_one();
}

GroupSignal::Event GroupSignal::Await(absl::Time deadline) {
  std::unique_lock<std::mutex> lock(mutex_);
  const auto has_come = [this] { return is_summoned_ || is_decided_; };
  if (deadline == absl::InfiniteFuture()) {
    changed_.wait(lock, has_come);
  } else {
    changed_.wait_until(lock, absl::ToChronoTime(deadline), has_come);
  }
  if (is_summoned_) {
    is_summoned_ = false;
    return Event::kSummoned;
  }
  return is_decided_ ? Event::kDecided : Event::kTooLate;
}

}  // namespace clientele::sql
