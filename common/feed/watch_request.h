#ifndef COMMON_FEED_WATCH_REQUEST_H_
#define COMMON_FEED_WATCH_REQUEST_H_

// What a WatchEventsRequest asks for, checked and with its defaults filled in.

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "clientele/common/v1/event_service.pb.h"
#include "common/feed/positions.h"

namespace clientele::feed {

struct WatchPlan {
  Positions after{};
  PartitionSet partitions;
  std::vector<std::string> types;
  absl::Duration heartbeat_interval;
  bool stop_at_head = false;
  std::string consumer;  // registers under this name; empty = not
};

// `event_types`: every type that the feed of `service_name` may hold.
// INVALID_ARGUMENT with every violation at once: reason INVALID_RESUME_TOKEN when the token is the
// only one, else INVALID_ARGUMENT.
absl::StatusOr<WatchPlan> ValidateWatchEvents(
    absl::string_view service_name, absl::Span<const std::string> event_types,
    const clientele::common::v1::WatchEventsRequest& request);

}  // namespace clientele::feed

#endif  // COMMON_FEED_WATCH_REQUEST_H_
