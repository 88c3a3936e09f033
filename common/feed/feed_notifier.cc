#include "common/feed/feed_notifier.h"

#include <utility>
#include <vector>

namespace clientele::feed {

std::unique_ptr<FeedNotifier::Subscription> FeedNotifier::Subscribe(std::function<void()> wake) {
  std::lock_guard<std::mutex> lock(mutex_);
  const int64_t id = next_id_++;
  wakers_.emplace(id, std::make_shared<std::function<void()>>(std::move(wake)));
  return std::make_unique<Subscription>(*this, id);
}

void FeedNotifier::Notify() {
  std::vector<std::shared_ptr<std::function<void()>>> wakers;
  {
    std::lock_guard<std::mutex> lock(mutex_);
    wakers.reserve(wakers_.size());
    for (const auto& [id, wake] : wakers_) {
      wakers.push_back(wake);
    }
  }
  // Outside the lock: a waker may end the stream it wakes, and with it its subscription.
  for (const auto& wake : wakers) {
    (*wake)();
  }
}

void FeedNotifier::Unsubscribe(int64_t id) {
  std::lock_guard<std::mutex> lock(mutex_);
  wakers_.erase(id);
}

}  // namespace clientele::feed
