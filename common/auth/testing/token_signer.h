#ifndef COMMON_AUTH_TESTING_TOKEN_SIGNER_H_
#define COMMON_AUTH_TESTING_TOKEN_SIGNER_H_

// An identity provider of a test's own.

#include <memory>
#include <string>

#include "absl/strings/string_view.h"
#include "common/auth/json_web_key.h"

struct evp_pkey_st;

namespace clientele::auth {

// base64url without padding.
std::string EncodeBase64Url(absl::string_view bytes);

// A key, the public half as a provider publishes it, and tokens signed with it.
class TokenSigner {
 public:
  TokenSigner(SignatureAlgorithm algorithm, std::string key_id, int rsa_bits = 2048);

  // Of a key set's "keys": {"kty":…,"kid":…}.
  std::string PublicKey() const;

  // {"keys":[…]} with this key alone.
  std::string KeySet() const;

  // The header names the algorithm and the key.
  std::string Sign(const std::string& claims) const;
  std::string Sign(const std::string& header, const std::string& claims) const;

 private:
  std::string NumberOf(const char* parameter) const;

  const SignatureAlgorithm algorithm_;
  const std::string key_id_;
  std::shared_ptr<evp_pkey_st> key_;
};

}  // namespace clientele::auth

#endif  // COMMON_AUTH_TESTING_TOKEN_SIGNER_H_
