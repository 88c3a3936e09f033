#include "common/cache/redis/breaker.h"

#include <utility>

namespace clientele::redis {

bool Breaker::IsClosed() const {
  std::lock_guard<std::mutex> lock(mutex_);
  return failures_ < failures_max_;
}

void Breaker::OnSuccess() {
  std::lock_guard<std::mutex> lock(mutex_);
  if (failures_ < failures_max_) {
    failures_ = 0;
  }
}

bool Breaker::OnFailure() {
  std::lock_guard<std::mutex> lock(mutex_);
  if (failures_ == failures_max_) {
    return false;
  }
  return ++failures_ == failures_max_;
}

bool Breaker::OnProbeAnswered() {
  std::lock_guard<std::mutex> lock(mutex_);
  return std::exchange(failures_, 0) == failures_max_;
}

}  // namespace clientele::redis
