#ifndef COMMON_CRYPTO_KEYED_HASH_H_
#define COMMON_CRYPTO_KEYED_HASH_H_

// A hash that only the holder of a key can compute: finds a personal value again without storing
// it, and recognises a request without keeping its content.

#include <array>
#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "common/crypto/secret_key.h"

namespace clientele {

// HMAC-SHA256 under a key derived for one purpose. Equal texts hash alike under one purpose and
// unrelatedly under another. Changing the key or a purpose orphans every stored hash.
// Thread-safe: immutable after construction.
class KeyedHash {
 public:
  // `purpose` names the use ("customer-identifier"), is not secret, and must never change.
  KeyedHash(const SecretKey& key, absl::string_view purpose) : key_(key.Derive(purpose)) {}

  // The 32 bytes of the hash.
  std::array<uint8_t, 32> Raw(absl::string_view text) const;

  // The hash as 64 lower-case hexadecimal digits: the form in which stores keep it.
  std::string Hex(absl::string_view text) const;

 private:
  SecretKey key_;
};

}  // namespace clientele

#endif  // COMMON_CRYPTO_KEYED_HASH_H_
