#ifndef COMMON_CACHE_REDIS_LIMITS_H_
#define COMMON_CACHE_REDIS_LIMITS_H_

// Every limit of the Redis client, each with its reason.

#include <cstddef>
#include <cstdint>

#include "absl/time/time.h"

namespace clientele::redis {

// The largest reply read: a cached value with room to spare. A server that announces more is not
// ours, or not sound.
inline constexpr int64_t kReplyBytesMax = int64_t{4} * 1024 * 1024;

// Elements of one reply, nested ones included. CLUSTER SLOTS of a cluster whose slots are badly
// scattered is the largest one ever asked for.
inline constexpr int64_t kReplyElementsMax = 65536;

// Bytes read from a socket at a time.
inline constexpr size_t kReadBytes = size_t{16} * 1024;

// Commands in one pipeline; longer batches are sent as several, so that replies do not pile up.
inline constexpr size_t kPipelineCommandsMax = 1024;

// Times one command is sent on (MOVED, ASK). A slot that moves costs one, a failover another.
inline constexpr int kRedirectsMax = 3;

// Nodes known at a time: what a confused cluster can make us connect to.
inline constexpr size_t kNodesMax = 256;

// Addresses tried for one host name, for example one of IPv6 and one of IPv4.
inline constexpr size_t kResolvedAddressesMax = 4;

// Callers that may wait for a connection to one node; the others go without the cache at once.
inline constexpr int kPoolWaitersMax = 1024;

// A password file longer than this is not one.
inline constexpr size_t kPasswordBytesMax = 4096;

// How often a node that does not answer is asked again, and how long each of these attempts may
// take. Both only cost the thread that does nothing else.
inline constexpr absl::Duration kProbeInterval = absl::Milliseconds(100);
inline constexpr absl::Duration kProbeTimeMax = absl::Milliseconds(500);

}  // namespace clientele::redis

#endif  // COMMON_CACHE_REDIS_LIMITS_H_
