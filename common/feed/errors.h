#ifndef COMMON_FEED_ERRORS_H_
#define COMMON_FEED_ERRORS_H_

// The named errors of the feed.

#include <cstdint>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "common/feed/positions.h"

namespace clientele::feed {

// DATA_LOSS FEED_HOLE: `partition` lacks `position`, although a later one was given out. Whoever
// meets it must stop: going on would lose an event silently.
absl::Status FeedHole(int partition, int64_t position);

// INVALID_ARGUMENT INVALID_RESUME_TOKEN, with the field resume_token. `why` reads on after it.
absl::Status InvalidResumeToken(absl::string_view why);

// INVALID_ARGUMENT INVALID_PAGE_TOKEN of an export, with the field page_token.
absl::Status InvalidExportToken(absl::string_view why);

// OUT_OF_RANGE RESUME_TOKEN_EXPIRED: the feed no longer keeps what the reader needs of `expired`,
// at least one; of the first of them `wanted_position`, which it keeps from `oldest_position` on.
absl::Status ResumeTokenExpired(const PartitionSet& expired, int64_t wanted_position,
                                int64_t oldest_position);

// The partitions that a ResumeTokenExpired is about, also one that came from a server (of an older
// one the first of them, which is all it says); none when `status` is something else.
PartitionSet ExpiredPartitions(const absl::Status& status);

// RESOURCE_EXHAUSTED TOO_MANY_FEED_CONSUMERS: `limit` others have registered.
absl::Status TooManyFeedConsumers(int limit);

// FAILED_PRECONDITION EVENTS_NOT_EXPORTED.
absl::Status EventsNotExported(absl::string_view service_name);

// ABORTED without a reason, since it never leaves the process: another process has taken over what
// `lease_name` guards, and the transaction must roll back.
absl::Status FenceLost(absl::string_view lease_name);

}  // namespace clientele::feed

#endif  // COMMON_FEED_ERRORS_H_
