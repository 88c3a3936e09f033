#include "common/observability/repeat_limiter.h"

#include <utility>

#include "absl/strings/str_cat.h"

namespace clientele {

RepeatDecision RepeatLimiter::Decide(absl::string_view event, absl::string_view message,
                                     absl::string_view kind_name, absl::Time now) {
  if (limits_.per_interval_max == 0) {
    return {true, 0};
  }
  std::string key = absl::StrCat(event, "\n", message, "\n", kind_name);
  std::lock_guard<std::mutex> lock(mutex_);
  if (kinds_.size() >= kRepeatKindsMax && kinds_.find(key) == kinds_.end()) {
    key.clear();
  }
  Kind& kind = kinds_[std::move(key)];
  const absl::Duration elapsed = now - kind.interval_start;
  // Below zero when the clock was set back.
  if (elapsed >= limits_.interval || elapsed < absl::ZeroDuration()) {
    kind.interval_start = now;
    kind.written_count = 0;
  }
  if (kind.written_count >= limits_.per_interval_max) {
    ++kind.suppressed_count;
    return {false, 0};
  }
  ++kind.written_count;
  return {true, std::exchange(kind.suppressed_count, 0)};
}

}  // namespace clientele
