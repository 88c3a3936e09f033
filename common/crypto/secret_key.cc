#include "common/crypto/secret_key.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#include <algorithm>

#include "absl/status/status.h"
#include "common/status/macros.h"

namespace clientele {

absl::StatusOr<SecretKey> SecretKey::FromBytes(absl::string_view bytes) {
  if (bytes.size() != kSecretKeyBytes) {
    return absl::InvalidArgumentError("must be 32 bytes");
  }
  SecretKey key;
  std::copy(bytes.begin(), bytes.end(), key.bytes_.begin());
  return key;
}

absl::StatusOr<SecretKey> SecretKey::Random() {
  SecretKey key;
  if (RAND_bytes(key.bytes_.data(), static_cast<int>(key.bytes_.size())) != 1) {
    return absl::InternalError("the operating system gave no random bytes");
  }
  return key;
}

SecretKey::~SecretKey() { OPENSSL_cleanse(bytes_.data(), bytes_.size()); }

SecretKey SecretKey::Derive(absl::string_view purpose) const {
  SecretKey derived;
  unsigned int length = 0;
  const unsigned char* const mac =
      HMAC(EVP_sha256(), bytes_.data(), static_cast<int>(bytes_.size()),
           reinterpret_cast<const unsigned char*>(purpose.data()), purpose.size(),
           derived.bytes_.data(), &length);
  // HMAC-SHA256 cannot fail on valid pointers; going on with a zero key would be worse than ending.
  CLIENTELE_CHECK(mac != nullptr && length == derived.bytes_.size());
  return derived;
}

absl::string_view SecretKey::bytes() const {
  return absl::string_view(reinterpret_cast<const char*>(bytes_.data()), bytes_.size());
}

void WipeText(std::string& text) {
  OPENSSL_cleanse(text.data(), text.size());
  text.clear();
}

bool ConstantTimeEquals(absl::string_view left, absl::string_view right) {
  return left.size() == right.size() && CRYPTO_memcmp(left.data(), right.data(), left.size()) == 0;
}

}  // namespace clientele
