#ifndef COMMON_CRYPTO_KEY_FILE_H_
#define COMMON_CRYPTO_KEY_FILE_H_

// The file that holds a server's secret key: 32 raw bytes that only its owner may touch,
// or, where root owns it and the server is not root, that a group of the server may read besides.

#include <string>

#include "absl/status/statusor.h"
#include "common/crypto/secret_key.h"

namespace clientele {

// Reads the key in the file `path`, which must be there. Safe to call from any thread. Errors as of
// LoadOrCreateKeyFile, but FAILED_PRECONDITION too when there is none.
absl::StatusOr<SecretKey> LoadKeyFile(const std::string& path);

// Reads the key in the file `path`, or makes a new one there (mode 0600) when there is no such
// file. A key is on disk, whole and synced, before it is returned; of several processes that start
// at once, all get the key of the one that was first. Safe to call from any thread.
// Errors are sentences for the person who starts the server, and name the file:
//   FAILED_PRECONDITION  the file may be touched by others, is not a plain file, or has not 32
//                        bytes: it is never replaced, since a new key would void what the old made
//   PERMISSION_DENIED, NOT_FOUND, RESOURCE_EXHAUSTED, UNAVAILABLE  what the file system answered
absl::StatusOr<SecretKey> LoadOrCreateKeyFile(const std::string& path);

}  // namespace clientele

#endif  // COMMON_CRYPTO_KEY_FILE_H_
