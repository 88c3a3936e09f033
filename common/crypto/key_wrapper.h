#ifndef COMMON_CRYPTO_KEY_WRAPPER_H_
#define COMMON_CRYPTO_KEY_WRAPPER_H_

// Keys that encrypt keys: the seam behind which a file (key_ring.h) or a key management service
// holds them.

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/crypto/secret_key.h"

namespace clientele {

// A data key as it may be stored: worthless without the key-encryption key that wrapped it.
struct WrappedKey {
  std::string kek_id;  // which key-encryption key that is
  std::string bytes;
};

// Thread-safe. A database transaction waits for it, so an implementation that asks over a network
// keeps what it has unwrapped for a while, in bounded memory.
class KeyWrapper {
 public:
  virtual ~KeyWrapper() = default;

  // Encrypts `key` with the present key-encryption key and binds it to `context`, which must be
  // given again to unwrap it. INTERNAL or UNAVAILABLE when that cannot be done now.
  virtual absl::StatusOr<WrappedKey> Wrap(const SecretKey& key,
                                          absl::string_view context) const = 0;

  // The key again. NOT_FOUND when this wrapper has no key-encryption key of that id;
  // INVALID_ARGUMENT when the one of that id is another one, or `wrapped` was altered or bound to
  // another context; UNAVAILABLE. Messages name the key-encryption key and no secret.
  virtual absl::StatusOr<SecretKey> Unwrap(const WrappedKey& wrapped,
                                           absl::string_view context) const = 0;
};

}  // namespace clientele

#endif  // COMMON_CRYPTO_KEY_WRAPPER_H_
