#ifndef CLI_CLIENT_FEED_CATCH_UP_H_
#define CLI_CLIENT_FEED_CATCH_UP_H_

// Waits until one service has applied what another had recorded, so that a command sees the writes
// of the command before it.

#include <cstdint>
#include <functional>
#include <map>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "clientele/common/v1/event_service.grpc.pb.h"

namespace clientele::cli {

// Partition to position; a partition that is not there is at 0.
using FeedPositions = std::map<int32_t, int64_t>;

// Waits the given time while `events_behind` events are missing; true = the user interrupts.
using FeedPause = std::function<bool(absl::Duration pause, int64_t events_behind)>;

// The heads of `source` once they hold everything it had recorded when this was called, also what
// still lay in its outbox. DEADLINE_EXCEEDED at `deadline`, CANCELLED when `pause` says so, else
// the error of the call.
absl::StatusOr<FeedPositions> RecordedPositions(
    clientele::common::v1::EventService::StubInterface& source, absl::Time deadline,
    const FeedPause& pause);

// The heads of `source_name` that `consumer` has heard of: the next best when the source itself
// cannot be asked.
absl::StatusOr<FeedPositions> HeardPositions(
    clientele::common::v1::EventService::StubInterface& consumer, absl::string_view source_name,
    absl::Time deadline);

// Waits until `consumer` has applied the feed of `source_name` up to `wanted`. Errors as above;
// FAILED_PRECONDITION when it does not consume that feed.
absl::Status WaitUntilConsumed(clientele::common::v1::EventService::StubInterface& consumer,
                               absl::string_view source_name, const FeedPositions& wanted,
                               absl::Time deadline, const FeedPause& pause);

}  // namespace clientele::cli

#endif  // CLI_CLIENT_FEED_CATCH_UP_H_
