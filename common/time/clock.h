#ifndef COMMON_TIME_CLOCK_H_
#define COMMON_TIME_CLOCK_H_

// Where "now" comes from. Domain code never asks a clock: it takes the time as an argument.

#include <cstdint>
#include <mutex>

#include "absl/time/clock.h"
#include "absl/time/time.h"

namespace clientele {

// Thread-safe source of the current instant (UTC).
class Clock {
 public:
  virtual ~Clock() = default;
  virtual absl::Time Now() const = 0;
};

// The machine's clock: record times, deadlines, metrics.
class SystemClock final : public Clock {
 public:
  absl::Time Now() const override { return absl::Now(); }
};

// Starts at a chosen instant when constructed and runs on at the machine's pace: the clock of
// business decisions under `clientele up --business-time`.
class ShiftedClock final : public Clock {
 public:
  explicit ShiftedClock(absl::Time start) : offset_(start - absl::Now()) {}
  absl::Time Now() const override { return absl::Now() + offset_; }

 private:
  const absl::Duration offset_;
};

// Stands still until told to move: for tests.
class FakeClock final : public Clock {
 public:
  explicit FakeClock(absl::Time now) : now_us_(absl::ToUnixMicros(now)) {}

  absl::Time Now() const override {
    std::lock_guard<std::mutex> lock(mutex_);
    return absl::FromUnixMicros(now_us_);
  }
  void Advance(absl::Duration by) {
    std::lock_guard<std::mutex> lock(mutex_);
    now_us_ += absl::ToInt64Microseconds(by);
  }

 private:
  mutable std::mutex mutex_;
  int64_t now_us_;
};

}  // namespace clientele

#endif  // COMMON_TIME_CLOCK_H_
