#ifndef COMMON_CRYPTO_SECRET_KEY_H_
#define COMMON_CRYPTO_SECRET_KEY_H_

// A 256-bit secret that wipes itself and cannot be printed by accident.
//
// Thread safety: a value; the functions are pure apart from reading the system's random source.

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace clientele {

inline constexpr size_t kSecretKeyBytes = 32;

class SecretKey {
 public:
  // INVALID_ARGUMENT unless `bytes` is exactly kSecretKeyBytes long.
  static absl::StatusOr<SecretKey> FromBytes(absl::string_view bytes);

  // A new key from the operating system's secure source; INTERNAL when it has no entropy.
  static absl::StatusOr<SecretKey> Random();

  SecretKey(const SecretKey&) = default;
  SecretKey& operator=(const SecretKey&) = default;
  ~SecretKey();

  // An independent key for one use of this one: HMAC-SHA256(this key, purpose). Every use names
  // its own purpose ("page-token"), so that what one use gives away is worthless to the others.
  SecretKey Derive(absl::string_view purpose) const;

  // The raw key, valid as long as this object: for the cipher calls of this folder and key files.
  absl::string_view bytes() const;

 private:
  SecretKey() = default;

  std::array<uint8_t, kSecretKeyBytes> bytes_;
};

// Overwrites the text with zeros, so that no secret stays in freed memory, and empties it.
void WipeText(std::string& text);

// Whether two texts are equal, in a time that depends on their lengths only.
bool ConstantTimeEquals(absl::string_view left, absl::string_view right);

}  // namespace clientele

#endif  // COMMON_CRYPTO_SECRET_KEY_H_
