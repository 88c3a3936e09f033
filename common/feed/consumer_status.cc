#include "common/feed/consumer_status.h"

#include <algorithm>

namespace clientele::feed {

std::optional<absl::Duration> LagTime(const ConsumerStatus& status, absl::Time now) {
  if (status.partitions.none() || !status.heard_time.has_value()) {
    return std::nullopt;
  }
  if (status.pending_record_time.has_value()) {
    return std::max(absl::ZeroDuration(), now - *status.pending_record_time);
  }
  return status.state == ConsumerState::kFollowing
             ? absl::ZeroDuration()
             : std::max(absl::ZeroDuration(), now - *status.heard_time);
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
