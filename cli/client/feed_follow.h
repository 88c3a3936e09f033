#ifndef CLI_CLIENT_FEED_FOLLOW_H_
#define CLI_CLIENT_FEED_FOLLOW_H_

// Follows a service's feed for as long as somebody reads it, which is longer than a connection
// lives: servers end each after half an hour, and a new version ends them all.

#include <memory>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/time/time.h"
#include "clientele/common/v1/event_service.pb.h"
#include "grpcpp/channel.h"

namespace clientele::cli {

// Ends of the stream in a row, without a message between them, that are got over.
inline constexpr int kReopensMax = 5;

struct FeedFollowOptions {
  absl::Duration reconnect_timeout = absl::Seconds(5);   // of one reopening
  absl::Duration backoff_min = absl::Milliseconds(200);  // before the first one; then doubled
};

// Gives `on_message` every message of WatchEvents until it answers false, or with stop_at_head
// until the head is reached; both are OK. A stream that ends otherwise is opened again after the
// last message, so that each event is given once: at most kReopensMax times in a row, and not
// before the first message, because there may be no such server. Errors that trying again would not
// change (INVALID_ARGUMENT) are returned as they are. Blocks.
absl::Status FollowFeed(
    const std::shared_ptr<grpc::Channel>& channel,
    clientele::common::v1::WatchEventsRequest request, const FeedFollowOptions& options,
    absl::FunctionRef<bool(const clientele::common::v1::WatchEventsResponse&)> on_message);

}  // namespace clientele::cli

#endif  // CLI_CLIENT_FEED_FOLLOW_H_
