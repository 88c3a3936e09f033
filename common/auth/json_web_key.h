#ifndef COMMON_AUTH_JSON_WEB_KEY_H_
#define COMMON_AUTH_JSON_WEB_KEY_H_

// Public keys that tokens are signed with (RFC 7517, 7518, 8037), on OpenSSL.

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

struct evp_pkey_st;

namespace clientele::auth {

// Every way to sign that is taken. None with a shared secret, so that a public key can never be
// taken for one, and none without a signature.
enum class SignatureAlgorithm { kRs256, kPs256, kEs256, kEdDsa };

// Of "RS256", "PS256", "ES256" and "EdDSA"; nullopt for every other name.
std::optional<SignatureAlgorithm> ParseSignatureAlgorithm(absl::string_view name);

// A key of an identity provider. Immutable and thread-safe; copies share the key.
class JsonWebKey {
 public:
  // What a key set holds of a key, as text; members that are absent are empty.
  struct Members {
    std::string kty;  // "RSA", "EC", "OKP"
    std::string kid;
    std::string use;
    std::string alg;
    std::string crv;
    std::string n;  // base64url, as the others
    std::string e;
    std::string x;
    std::string y;
  };

  // INVALID_ARGUMENT with a reason for a key that is not for signatures, not of a kind that is
  // taken (RSA of at least 2048 bits, P-256, Ed25519), or malformed.
  static absl::StatusOr<JsonWebKey> Make(const Members& members);

  // "" when the set names it not.
  const std::string& id() const { return id_; }

  // Whether tokens that say `algorithm` may be signed with it: by its kind, and by its `alg`.
  bool IsFor(SignatureAlgorithm algorithm) const;

  // Whether `signature` (raw, as in a token) is this key's of `text`. IsFor(algorithm) (CHECK).
  bool Verifies(SignatureAlgorithm algorithm, absl::string_view text,
                absl::string_view signature) const;

 private:
  JsonWebKey() = default;

  std::string id_;
  std::vector<SignatureAlgorithm> algorithms_;
  std::shared_ptr<evp_pkey_st> key_;
};

// Decodes base64url without padding (RFC 7515); nullopt for anything else.
std::optional<std::string> DecodeBase64Url(absl::string_view text);

}  // namespace clientele::auth

#endif  // COMMON_AUTH_JSON_WEB_KEY_H_
