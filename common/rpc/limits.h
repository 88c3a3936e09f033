#ifndef COMMON_RPC_LIMITS_H_
#define COMMON_RPC_LIMITS_H_

// Every limit of the RPC layer, each with its reason.

#include <cstddef>

#include "absl/time/time.h"

namespace clientele::rpc {

// A caller's x-request-id longer than this is replaced: it goes into every log line of the call.
inline constexpr int kCallIdCharsMax = 128;

// A write that has less than this left would most likely commit without its caller hearing of it.
inline constexpr absl::Duration kWriteTimeMin = absl::Milliseconds(20);

// A serialized google.rpc.Status stays below this. gRPC C-core clients drop all metadata above
// 8 KiB, base64 makes 4 of every 3 bytes, and the message is sent a second time beside it.
inline constexpr int kErrorDetailsBytesMax = 4096;
inline constexpr int kErrorMessageBytesMax = 512;
// So that one long value cannot push out the others.
inline constexpr int kErrorTextBytesMax = 256;
inline constexpr int kErrorMetadataBytesMax = 1536;

// What a refused caller waits before it tries again. Overload passes in moments; a replica that
// shuts down is gone until another is found.
inline constexpr absl::Duration kOverloadedRetryDelay = absl::Milliseconds(200);
inline constexpr absl::Duration kRateLimitedRetryDelayMin = absl::Milliseconds(10);
inline constexpr absl::Duration kShuttingDownRetryDelay = absl::Seconds(1);

// The largest message taken or sent: a full batch of an import fits with room to spare.
inline constexpr int kMessageBytesMax = 16 * 1024 * 1024;

// Calls at once on one connection; an import and its checks need a handful.
inline constexpr int kCallsPerConnectionMax = 1000;

// All headers of a call together: a token of some kilobytes fits.
inline constexpr int kHeaderBytesMax = 8 * 1024;

// What all connections together may hold of what has arrived and was not handled yet, about.
inline constexpr size_t kTransportBytesMax = size_t{256} << 20;

// How long a new connection may take until it can carry calls (TLS, and HTTP/2's first frames), so
// that those which never say a word do not stay.
inline constexpr absl::Duration kHandshakeTimeMax = absl::Seconds(10);

// A connection without calls is closed after this; its client makes another when it needs one.
inline constexpr absl::Duration kConnectionIdleMax = absl::Minutes(10);

// What a server that shuts down leaves its last answers to reach the network, before it hangs up on
// those who only watch its health.
inline constexpr absl::Duration kFlushTime = absl::Seconds(1);

// What a call to another server leaves of its caller's time to answer in.
inline constexpr absl::Duration kAnswerTime = absl::Milliseconds(5);

}  // namespace clientele::rpc

#endif  // COMMON_RPC_LIMITS_H_
