#ifndef COMMON_AUTH_JSON_WEB_KEY_SET_H_
#define COMMON_AUTH_JSON_WEB_KEY_SET_H_

// The keys of an identity provider, as it publishes them (a JWKS document, RFC 7517).

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/auth/json_web_key.h"

namespace clientele::auth {

// A provider has one key, and two while it changes to the next.
inline constexpr int kKeysMax = 64;

// Immutable and thread-safe.
class JsonWebKeySet {
 public:
  // Keys that are not taken (JsonWebKey::Make) are left out, as the standard wants.
  // INVALID_ARGUMENT with a reason when it is no key set, has more than kKeysMax keys, or none of
  // them is taken.
  static absl::StatusOr<JsonWebKeySet> Parse(const std::string& json);

  // Whether a key of the set has signed `text`: the one called `key_id`, or without a name the only
  // one that could have. UNAUTHENTICATED with the cause otherwise.
  absl::Status Verify(SignatureAlgorithm algorithm, absl::string_view key_id,
                      absl::string_view text, absl::string_view signature) const;

 private:
  explicit JsonWebKeySet(std::vector<JsonWebKey> keys) : keys_(std::move(keys)) {}

  std::vector<JsonWebKey> keys_;
};

}  // namespace clientele::auth

#endif  // COMMON_AUTH_JSON_WEB_KEY_SET_H_
