#ifndef COMMON_CRYPTO_PRIVATE_FILE_H_
#define COMMON_CRYPTO_PRIVATE_FILE_H_

// Small files of secrets, which only their owner may touch, or, where root owns one and the server
// is not root, a group of the server may read besides.
//
// Safe to call from any thread. Errors are sentences for the person who starts the server, and name
// the file: FAILED_PRECONDITION when others may touch it or it is not a plain file;
// PERMISSION_DENIED, NOT_FOUND, RESOURCE_EXHAUSTED, UNAVAILABLE as the file system answered.

#include <cstddef>
#include <optional>
#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace clientele {

// What the file holds, or the first `bytes_max` + 1 bytes of it; nullopt when there is none. Who
// calls wipes it.
absl::StatusOr<std::optional<std::string>> ReadPrivateFile(const std::string& path,
                                                           size_t bytes_max);

// Reads the file, or makes it with what `make` answers (mode 0600) when there is none. It is on
// disk, whole and synced, before it is returned; of several processes that do so at once, all get
// what the first one made.
absl::StatusOr<std::string> ReadOrCreatePrivateFile(
    const std::string& path, size_t bytes_max,
    absl::FunctionRef<absl::StatusOr<std::string>()> make);

}  // namespace clientele

#endif  // COMMON_CRYPTO_PRIVATE_FILE_H_
