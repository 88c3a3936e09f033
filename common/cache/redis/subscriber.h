#ifndef COMMON_CACHE_REDIS_SUBSCRIBER_H_
#define COMMON_CACHE_REDIS_SUBSCRIBER_H_

// Listens to one channel of Redis, on a thread and a connection of its own, and knows when it does
// not.

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/cache/redis/connection.h"
#include "common/cache/redis/topology.h"

namespace clientele::redis {

// What a subscriber tells; all from its one thread. Must be quick and must not throw.
struct Listener {
  std::function<void()> on_up;                             // every message from now on comes
  std::function<void(absl::string_view text)> on_message;  // only while up
  // Messages may be lost from now on, with the reason; also after an attempt that never got up,
  // when it failed for another reason than the one before. CANCELLED when the subscriber ends.
  std::function<void(const absl::Status& reason)> on_down;
};

// Thread-safe.
class Subscriber {
 public:
  // Starts the thread, which subscribes as soon as a node of `topology` can be asked, and again
  // each time the connection is lost. It is down until on_up. A server that is silent for
  // `silence_max` is asked for a sign of life, and lost when it is silent for as long again.
  // `topology` must outlive it.
  Subscriber(Topology& topology, std::string channel, absl::Duration silence_max,
             Listener listener);
  // Stops listening; on_down is called for the last time, unless it is down and waits.
  ~Subscriber();
  Subscriber(const Subscriber&) = delete;
  Subscriber& operator=(const Subscriber&) = delete;

 private:
  void ListenAgainAndAgain();
  // Connects, subscribes and listens until the connection is lost.
  absl::Status ListenOnce();
  absl::Status Subscribe(Connection& connection);
  void TellDown(const absl::Status& reason);
  // Returns only when the connection is lost.
  absl::Status HearMessages(Connection& connection);
  // Makes `connection` the one that the destructor ends; false when it has begun.
  bool SetConnection(const Connection* connection);

  Topology& topology_;
  const std::string channel_;
  const absl::Duration silence_max_;
  const Listener listener_;
  absl::Status told_;  // why it is down as the listener knows, OK while up; of its thread
  std::mutex mutex_;
  std::condition_variable stopped_;
  bool stopping_ = false;                   // guarded by mutex_
  const Connection* connection_ = nullptr;  // guarded by mutex_
  std::thread thread_;                      // last: it uses all of the above
};

}  // namespace clientele::redis

#endif  // COMMON_CACHE_REDIS_SUBSCRIBER_H_
