#ifndef COMMON_CACHE_REDIS_BREAKER_H_
#define COMMON_CACHE_REDIS_BREAKER_H_

// Stops asking a server that does not answer, until a probe finds that it does again.
//
// Requests never probe: a thread of the client does (topology.h), so that no caller pays for
// finding out. Thread-safe; locks with std::mutex so that TSan can follow it.

#include <mutex>

namespace clientele::redis {

class Breaker {
 public:
  // Opens after `failures_max` (at least 1) failures without a success between them. An answer that
  // takes longer than the latency budget is a failure: the caller has given up on it.
  explicit Breaker(int failures_max) : failures_max_(failures_max) {}

  // Whether the server may be asked.
  bool IsClosed() const;

  // An answer came. When open it changes nothing: it is an old one, and only a probe closes.
  void OnSuccess();

  // No answer came in time, or the connection failed. True when this opened the breaker.
  bool OnFailure();

  // A probe was answered. True when this closed the breaker.
  bool OnProbeAnswered();

 private:
  const int failures_max_;
  mutable std::mutex mutex_;
  int failures_ = 0;  // in a row; failures_max_ = open
};

}  // namespace clientele::redis

#endif  // COMMON_CACHE_REDIS_BREAKER_H_
