#include "common/rpc/open_calls.h"

#include <vector>

#include "common/status/macros.h"

namespace clientele::rpc {

void OpenCalls::Add(const std::shared_ptr<StreamTurns>& turns) {
  std::lock_guard<std::mutex> lock(mutex_);
  ++count_;
  if (turns != nullptr) {
    streams_.insert(turns);
  }
}

void OpenCalls::Remove(const std::shared_ptr<StreamTurns>& turns) {
  std::lock_guard<std::mutex> lock(mutex_);
  CLIENTELE_CHECK(count_ > 0);
  if (turns != nullptr) {
    streams_.erase(turns);
  }
  if (--count_ == 0) {
    // Under the lock: whoever waits may destroy this object as soon as it can have the lock.
    none_open_.notify_all();
  }
}

void OpenCalls::StartDraining() {
  std::vector<std::shared_ptr<StreamTurns>> streams;
  {
    std::lock_guard<std::mutex> lock(mutex_);
    draining_ = true;
    streams.assign(streams_.begin(), streams_.end());
  }
  for (const std::shared_ptr<StreamTurns>& turns : streams) {
    turns->Wake();
  }
}

bool OpenCalls::WaitUntilNone(absl::Duration timeout) {
  std::unique_lock<std::mutex> lock(mutex_);
  return none_open_.wait_for(lock, absl::ToChronoMilliseconds(timeout),
                             [this] { return count_ == 0; });
}

int OpenCalls::count() const {
  std::lock_guard<std::mutex> lock(mutex_);
  return count_;
}

}  // namespace clientele::rpc
