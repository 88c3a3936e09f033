#ifndef COMMON_FEED_FEED_NOTIFIER_H_
#define COMMON_FEED_FEED_NOTIFIER_H_

// Tells live watchers that the feed has grown.
//
// Thread safety: thread-safe. It must outlive its subscriptions.

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>

namespace clientele::feed {

class FeedNotifier {
 public:
  // Ends its subscription when destroyed.
  class Subscription {
   public:
    Subscription(FeedNotifier& notifier, int64_t id) : notifier_(notifier), id_(id) {}
    ~Subscription() { notifier_.Unsubscribe(id_); }
    Subscription(const Subscription&) = delete;
    Subscription& operator=(const Subscription&) = delete;

   private:
    FeedNotifier& notifier_;
    const int64_t id_;
  };

  // Calls `wake` at every Notify from now on, on the notifying thread; it must be cheap and must
  // not block. A Notify under way may still call it once after the subscription has ended.
  std::unique_ptr<Subscription> Subscribe(std::function<void()> wake);

  // Wakes everybody. Called after the commit that made the feed grow.
  void Notify();

 private:
  void Unsubscribe(int64_t id);

  std::mutex mutex_;
  int64_t next_id_ = 0;
  std::map<int64_t, std::shared_ptr<std::function<void()>>> wakers_;
};

}  // namespace clientele::feed

#endif  // COMMON_FEED_FEED_NOTIFIER_H_
