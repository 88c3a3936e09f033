#ifndef COMMON_FEED_ERRORS_H_
#define COMMON_FEED_ERRORS_H_

// The named errors of the feed.

#include <cstdint>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace clientele::feed {

// DATA_LOSS FEED_HOLE: `partition` lacks `position`, although a later one was given out. Whoever
// meets it must stop: going on would lose an event silently.
absl::Status FeedHole(int partition, int64_t position);

// INVALID_ARGUMENT INVALID_RESUME_TOKEN, with the field resume_token. `why` reads on after it.
absl::Status InvalidResumeToken(absl::string_view why);

// OUT_OF_RANGE RESUME_TOKEN_EXPIRED: the reader needs `wanted_position` of `partition`, and the
// feed keeps it from `oldest_position` on.
absl::Status ResumeTokenExpired(int partition, int64_t wanted_position, int64_t oldest_position);

// RESOURCE_EXHAUSTED TOO_MANY_FEED_CONSUMERS: `limit` others have registered.
absl::Status TooManyFeedConsumers(int limit);

// ABORTED without a reason, since it never leaves the process: another process has taken over what
// `lease_name` guards, and the transaction must roll back.
absl::Status FenceLost(absl::string_view lease_name);

}  // namespace clientele::feed

#endif  // COMMON_FEED_ERRORS_H_
