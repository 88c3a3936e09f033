#ifndef COMMON_OBSERVABILITY_REPEAT_LIMITER_H_
#define COMMON_OBSERVABILITY_REPEAT_LIMITER_H_

// Keeps a log readable and its cost bounded when one thing goes wrong ten thousand times.

#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string>
#include <unordered_map>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace clientele {

// Kinds of lines remembered at once; further kinds share one budget. Far above what the code has,
// because events and messages are constants and a service has some thirty methods, of 16 codes.
inline constexpr size_t kRepeatKindsMax = 1024;

struct RepeatLimits {
  int64_t per_interval_max = 20;  // lines of one kind; 0 = no limit
  absl::Duration interval = absl::Seconds(10);
};

struct RepeatDecision {
  bool write;
  int64_t suppressed_count;  // lines of this kind left out since the last one that was written
};

// Thread-safe.
class RepeatLimiter {
 public:
  explicit RepeatLimiter(RepeatLimits limits) : limits_(limits) {}

  // Decides on one line. The kind is (event, message, kind_name).
  RepeatDecision Decide(absl::string_view event, absl::string_view message,
                        absl::string_view kind_name, absl::Time now);

 private:
  struct Kind {
    absl::Time interval_start = absl::InfinitePast();
    int64_t written_count = 0;     // in the current interval
    int64_t suppressed_count = 0;  // since the last written line
  };

  const RepeatLimits limits_;
  std::mutex mutex_;
  std::unordered_map<std::string, Kind> kinds_;
};

}  // namespace clientele

#endif  // COMMON_OBSERVABILITY_REPEAT_LIMITER_H_
