#include "common/feed/consumer_status.h"

#include <algorithm>

namespace clientele::feed {

std::optional<absl::Duration> LagTime(const ConsumerStatus& status, absl::Time now) {
  if (status.partitions.none()) {
    return std::nullopt;
  }
  if (status.pending_record_time.has_value()) {
    return std::max(absl::ZeroDuration(), now - *status.pending_record_time);
  }
  const absl::Time off_since =
      std::max(status.start_time, status.heard_time.value_or(absl::InfinitePast()));
  return status.state == ConsumerState::kFollowing
             ? absl::ZeroDuration()
             : std::max(absl::ZeroDuration(), now - off_since);
}

std::optional<int64_t> LagEvents(const ConsumerStatus& status) {
  // An export tells of heads before anything is heard of what comes behind them.
  const bool knows_heads = status.heard_time.has_value() || status.source_heads != Positions{};
  return knows_heads
             ? std::optional(LagCount(status.positions, status.source_heads, status.partitions))
             : std::nullopt;
}

absl::Status CheckConsumers(const std::vector<const ConsumerStatusSource*>& consumers) {
  for (const ConsumerStatusSource* consumer : consumers) {
    ConsumerStatus status = consumer->Status();
    if (status.state == ConsumerState::kFailed) {
      return status.error;
    }
  }
  return absl::OkStatus();
}

}  // namespace clientele::feed
