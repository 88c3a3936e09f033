#ifndef COMMON_AUTH_JSON_WEB_TOKEN_H_
#define COMMON_AUTH_JSON_WEB_TOKEN_H_

// Signed tokens of callers (JWT, RFC 7519 and 8725). Thread safety: functions of their arguments.

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/auth/json_web_key_set.h"

namespace clientele::auth {

// gRPC takes no more metadata than that.
inline constexpr int kTokenBytesMax = 8192;
// A subject goes into every log line of its calls.
inline constexpr int kSubjectBytesMax = 128;
inline constexpr int kTokenRolesMax = 64;

// What a token must say to be taken.
struct TokenExpectations {
  std::string issuer;
  std::string audience;
  absl::Duration leeway;    // how far the clocks of the provider and of this machine may differ
  std::string roles_claim;  // the claim with the caller's roles; empty = tokens give none
};

struct TokenClaims {
  std::string subject;
  std::vector<std::string> roles;
  absl::Time expire_time;  // leeway included
};

// The claims of a token that `keys` have signed, for this audience by this issuer, and that is
// valid at `now`: exp must be there. UNAUTHENTICATED with the cause, which holds nothing of the
// token.
absl::StatusOr<TokenClaims> VerifyToken(absl::string_view token, const JsonWebKeySet& keys,
                                        const TokenExpectations& expected, absl::Time now);

}  // namespace clientele::auth

#endif  // COMMON_AUTH_JSON_WEB_TOKEN_H_
