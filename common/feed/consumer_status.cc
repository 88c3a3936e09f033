#include "common/feed/consumer_status.h"

namespace clientele::feed {

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
