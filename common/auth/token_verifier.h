#ifndef COMMON_AUTH_TOKEN_VERIFIER_H_
#define COMMON_AUTH_TOKEN_VERIFIER_H_

// Finds the caller behind a bearer token, with keys from a file that the operator replaces.

#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/auth/json_web_key_set.h"
#include "common/auth/json_web_token.h"
#include "common/auth/role_table.h"
#include "common/auth/token_cache.h"
#include "common/rpc/caller.h"
#include "common/time/clock.h"
#include "common/tls/watched_files.h"

namespace clientele::auth {

// Principals of tokens begin so, which no principal of a certificate does: whom an identity
// provider calls "loyalty" is not the service.
inline constexpr char kTokenPrincipalPrefix[] = "token:";

struct TokenVerifierOptions {
  std::string key_set_file;  // JWKS
  TokenExpectations expected;
  RoleTable roles;
  // Told why a new file is not used, once for each change of it. Thread-safe; must not block.
  std::function<void(const absl::Status& why)> on_unusable_keys;
};

// Thread-safe.
class TokenVerifier {
 public:
  // FAILED_PRECONDITION with a sentence when the file cannot be used. `clock` outlives it.
  static absl::StatusOr<std::unique_ptr<TokenVerifier>> Load(const TokenVerifierOptions& options,
                                                             const Clock& clock);

  // UNAUTHENTICATED with the cause, which holds nothing of the token. Tokens that were taken are
  // remembered until they expire or the keys change. Looks at the file once a second at most; one
  // that cannot be used leaves the keys as they were.
  absl::StatusOr<std::shared_ptr<const rpc::Caller>> Verify(absl::string_view token);

 private:
  TokenVerifier(const TokenVerifierOptions& options, const Clock& clock);

  absl::Status LoadKeys();
  void LoadKeysOnceInAWhile(absl::Time now);

  const TokenVerifierOptions options_;
  const Clock& clock_;
  std::mutex mutex_;  // guards what follows
  WatchedFiles file_;
  absl::Time next_look_;
  std::shared_ptr<const JsonWebKeySet> keys_;
  TokenCache cache_;
};

}  // namespace clientele::auth

#endif  // COMMON_AUTH_TOKEN_VERIFIER_H_
