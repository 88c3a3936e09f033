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

// ABORTED without a reason, since it never leaves the process: another process has taken over what
// `lease_name` guards, and the transaction must roll back.
absl::Status FenceLost(absl::string_view lease_name);

}  // namespace clientele::feed

#endif  // COMMON_FEED_ERRORS_H_
