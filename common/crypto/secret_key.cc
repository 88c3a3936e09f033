#include "common/crypto/secret_key.h"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <openssl/rand.h>

#include <algorithm>
#include <memory>

#include "absl/status/status.h"
#include "common/status/macros.h"

namespace clientele {
namespace {

struct FreeMacContext {
  void operator()(EVP_MAC_CTX* context) const { EVP_MAC_CTX_free(context); }  // wipes its key
};
using MacContext = std::unique_ptr<EVP_MAC_CTX, FreeMacContext>;

EVP_MAC_CTX* MakeHmacSha256() {
  EVP_MAC* const hmac = EVP_MAC_fetch(nullptr, OSSL_MAC_NAME_HMAC, nullptr);
  CLIENTELE_CHECK(hmac != nullptr);
  EVP_MAC_CTX* const context = EVP_MAC_CTX_new(hmac);
  EVP_MAC_free(hmac);  // the context holds it
  char digest[] = OSSL_DIGEST_NAME_SHA2_256;
  const OSSL_PARAM params[] = {OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0),
                               OSSL_PARAM_construct_end()};
  CLIENTELE_CHECK(context != nullptr && EVP_MAC_CTX_set_params(context, params) == 1);
  return context;
}

// HMAC-SHA256 without a key, to be copied: OpenSSL's HMAC() looks both algorithms up at every call,
// which takes as long as the rest of it. (OpenSSL 3.0.0 refused to copy one without a key.) Never
// freed.
const EVP_MAC_CTX* HmacSha256() {
  static const EVP_MAC_CTX* const kContext = MakeHmacSha256();
  return kContext;
}

}  // namespace

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
  const MacContext mac(EVP_MAC_CTX_dup(HmacSha256()));
  size_t length = 0;
  const bool is_made =
      mac != nullptr && EVP_MAC_init(mac.get(), bytes_.data(), bytes_.size(), nullptr) == 1 &&
      EVP_MAC_update(mac.get(), reinterpret_cast<const unsigned char*>(purpose.data()),
                     purpose.size()) == 1 &&
      EVP_MAC_final(mac.get(), derived.bytes_.data(), &length, derived.bytes_.size()) == 1;
  // Going on with a zero key would be worse than ending.
  CLIENTELE_CHECK(is_made && length == derived.bytes_.size());
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
