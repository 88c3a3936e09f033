#ifndef COMMON_CRYPTO_KEY_RING_H_
#define COMMON_CRYPTO_KEY_RING_H_

// Key-encryption keys in a file. A line for each: its id, a blank, 32 bytes in base64. The first
// wraps, all unwrap, so that a new one can be put before an old one:
//
//   k-2026 Gq8J…=
//   k-9f3a77c1 s0B1…=
//
// Lines that begin with '#' and empty ones say nothing.

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/crypto/aead.h"
#include "common/crypto/key_wrapper.h"

namespace clientele {

// Immutable, so thread-safe.
class KeyRing final : public KeyWrapper {
 public:
  static constexpr size_t kKeysMax = 16;

  // Reads the form above; ids are ^[a-z0-9][a-z0-9-]{0,62}$ and different, and there are 1 to
  // kKeysMax. INVALID_ARGUMENT with what is wrong in which line; no secret is in it.
  static absl::StatusOr<KeyRing> Parse(absl::string_view text);

  absl::StatusOr<WrappedKey> Wrap(const SecretKey& key, absl::string_view context) const override;
  absl::StatusOr<SecretKey> Unwrap(const WrappedKey& wrapped,
                                   absl::string_view context) const override;

 private:
  struct KeyEncryptionKey {
    std::string id;
    Aead aead;
  };

  explicit KeyRing(std::vector<KeyEncryptionKey> keys) : keys_(std::move(keys)) {}

  std::vector<KeyEncryptionKey> keys_;  // at least one
};

// Reads the file, which must be there. FAILED_PRECONDITION with a sentence that names the file, and
// the errors of private_file.h.
absl::StatusOr<KeyRing> LoadKeyRing(const std::string& path);

// The same, and makes a file with one new key when there is none.
absl::StatusOr<KeyRing> LoadOrCreateKeyRing(const std::string& path);

}  // namespace clientele

#endif  // COMMON_CRYPTO_KEY_RING_H_
