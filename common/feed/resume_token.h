#ifndef COMMON_FEED_RESUME_TOKEN_H_
#define COMMON_FEED_RESUME_TOKEN_H_

// The opaque text that says where in a feed to go on.
//
// It holds a version, the positions and a checksum over them and the service's name, in web-safe
// base64: at most 256 characters. It is not secret and carries no authority; the checksum tells a
// mangled token or one of another service from a good one, it does not stop forgery.
// Thread safety: pure functions.

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/feed/positions.h"

namespace clientele::feed {

// `positions` must not be negative (CHECK).
std::string EncodeResumeToken(absl::string_view service_name, const Positions& positions);

// The inverse; the empty token is the start of the feed. INVALID_ARGUMENT INVALID_RESUME_TOKEN
// when it is malformed or comes from another service.
absl::StatusOr<Positions> DecodeResumeToken(absl::string_view service_name,
                                            absl::string_view token);

}  // namespace clientele::feed

#endif  // COMMON_FEED_RESUME_TOKEN_H_
