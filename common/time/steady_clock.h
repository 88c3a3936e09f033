#ifndef COMMON_TIME_STEADY_CLOCK_H_
#define COMMON_TIME_STEADY_CLOCK_H_

// A clock for how long things take.

#include <chrono>

#include "absl/time/time.h"
#include "common/time/clock.h"

namespace clientele {

// Never goes back, and nobody sets it: its instants can be compared with each other, and are no
// dates.
class SteadyClock final : public Clock {
 public:
  absl::Time Now() const override {
    return absl::UnixEpoch() +
           absl::FromChrono(std::chrono::steady_clock::now().time_since_epoch());
  }
};

}  // namespace clientele

#endif  // COMMON_TIME_STEADY_CLOCK_H_
