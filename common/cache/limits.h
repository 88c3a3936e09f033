#ifndef COMMON_CACHE_LIMITS_H_
#define COMMON_CACHE_LIMITS_H_

// Every limit of the cache, each with its reason.

#include <cstddef>
#include <cstdint>

#include "absl/time/time.h"

namespace clientele::cache {

// A longer key (a service's longest id is far below) is not kept in the process.
inline constexpr size_t kKeyBytesMax = 512;

// A larger payload is not cached: it would push out thousands of others, and Redis would serve
// nobody else while it sends it.
inline constexpr size_t kPayloadBytesMax = size_t{1} * 1024 * 1024;

// What was read longer ago is not filled in: together with the times to live it bounds how far
// behind a reader can be.
inline constexpr absl::Duration kFillAgeMax = absl::Seconds(1);

// The longest time to live in the process, which is how long a lost invalidation can matter.
inline constexpr absl::Duration kMemoryTtlMax = absl::Seconds(1);

// How often a reader follows another's load before it loads for itself: again only when the leader
// ran out of its own time.
inline constexpr int kFlightsFollowedMax = 2;

// Callers that may wait for a load while Redis is away; those beyond are refused at once.
inline constexpr int kLoadWaitersMax = 1024;

// The longest wait for a load while Redis is away, for callers without a deadline.
inline constexpr absl::Duration kLoadWaitMax = absl::Seconds(10);

// Parts of the memory level with a lock each.
inline constexpr size_t kMemoryShardCount = 16;

// How long the channel of invalidations may be silent before Redis is asked for a sign of life.
inline constexpr absl::Duration kChannelSilenceMax = absl::Milliseconds(500);

}  // namespace clientele::cache

#endif  // COMMON_CACHE_LIMITS_H_
