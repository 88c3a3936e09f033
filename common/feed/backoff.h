#ifndef COMMON_FEED_BACKOFF_H_
#define COMMON_FEED_BACKOFF_H_

// How long to wait before the next attempt.

#include <algorithm>
#include <cstdint>

#include "absl/random/random.h"
#include "absl/time/time.h"

namespace clientele::feed {

// Doubles from `min` to `max` and takes a random part of that, at least half, so that many clients
// do not come back at the same moment. Used by one thread.
class Backoff {
 public:
  // 0 < min <= max.
  Backoff(absl::Duration min, absl::Duration max) : min_(min), max_(max), next_(min) {}

  // The wait before the next attempt.
  absl::Duration Next() {
    const absl::Duration wait = next_;
    next_ = std::min(next_ * 2, max_);
    return wait * absl::Uniform(random_, 0.5, 1.0);
  }

  // Begins again at `min`, after something has worked.
  void Reset() { next_ = min_; }

 private:
  const absl::Duration min_;
  const absl::Duration max_;
  absl::Duration next_;
  absl::BitGen random_;
};

}  // namespace clientele::feed

#endif  // COMMON_FEED_BACKOFF_H_
