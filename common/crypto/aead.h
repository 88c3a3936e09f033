#ifndef COMMON_CRYPTO_AEAD_H_
#define COMMON_CRYPTO_AEAD_H_

// Authenticated encryption of small texts: who lacks the key can neither read nor alter them.

#include <cstddef>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/crypto/secret_key.h"

namespace clientele {

// AES-256-GCM under a key derived for one purpose. Each text has its own random 24 bytes: half of
// them derive the text's own key and half are its nonce, so that one key file may serve for years
// without two texts ever meeting in both. Thread-safe: immutable after construction.
class Aead {
 public:
  // `purpose` names the use ("page-token"); what another purpose has sealed does not open.
  Aead(const SecretKey& key, absl::string_view purpose) : key_(key.Derive(purpose)) {}

  // How many bytes Seal adds to its plaintext.
  static constexpr size_t kOverheadBytes = 24 + 16;

  // The longest plaintext Seal takes; larger ones belong into a stream cipher.
  static constexpr size_t kPlaintextBytesMax = size_t{16} << 20;

  // Encrypts `plaintext` and binds it to `context`, which is not contained in the result but must
  // be given again to open it. INVALID_ARGUMENT when the plaintext is too long; INTERNAL when
  // OpenSSL fails.
  absl::StatusOr<std::string> Seal(absl::string_view plaintext, absl::string_view context) const;

  // The plaintext again. INVALID_ARGUMENT when `sealed` was altered, cut, sealed under another key
  // or purpose, or bound to another context: which of these is not told.
  absl::StatusOr<std::string> Open(absl::string_view sealed, absl::string_view context) const;

 private:
  SecretKey key_;
};

}  // namespace clientele

#endif  // COMMON_CRYPTO_AEAD_H_
