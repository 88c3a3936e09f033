#ifndef COMMON_FEED_ERRORS_H_
#define COMMON_FEED_ERRORS_H_

// The named errors of the feed.

#include <cstdint>
#include <optional>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace clientele::feed {

// DATA_LOSS FEED_HOLE: `partition` lacks `position`, although a later one was given out. Whoever
// meets it must stop: going on would lose an event silently.
absl::Status FeedHole(int partition, int64_t position);

// INVALID_ARGUMENT INVALID_RESUME_TOKEN, with the field resume_token. `why` reads on after it.
absl::Status InvalidResumeToken(absl::string_view why);

// INVALID_ARGUMENT INVALID_PAGE_TOKEN of an export, with the field page_token.
absl::Status InvalidExportToken(absl::string_view why);

// OUT_OF_RANGE RESUME_TOKEN_EXPIRED: the reader needs `wanted_position` of `partition`, and the
// feed keeps it from `oldest_position` on.
absl::Status ResumeTokenExpired(int partition, int64_t wanted_position, int64_t oldest_position);

// Which partition a ResumeTokenExpired is about, also one that came from a server; unset when
// `status` is something else.
std::optional<int> ExpiredPartition(const absl::Status& status);

// RESOURCE_EXHAUSTED TOO_MANY_FEED_CONSUMERS: `limit` others have registered.
absl::Status TooManyFeedConsumers(int limit);

// FAILED_PRECONDITION EVENTS_NOT_EXPORTED.
absl::Status EventsNotExported(absl::string_view service_name);

// ABORTED without a reason, since it never leaves the process: another process has taken over what
// `lease_name` guards, and the transaction must roll back.
absl::Status FenceLost(absl::string_view lease_name);

}  // namespace clientele::feed

#endif  // COMMON_FEED_ERRORS_H_
