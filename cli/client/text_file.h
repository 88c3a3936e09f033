#ifndef CLI_CLIENT_TEXT_FILE_H_
#define CLI_CLIENT_TEXT_FILE_H_

// Reads a whole small file.

#include <cstddef>
#include <string>

#include "absl/status/statusor.h"

namespace clientele::cli {

// The content of `path`, or of standard input for "-", unpacked when it is gzip (told by its
// content). Errors, each a sentence: NOT_FOUND, PERMISSION_DENIED or UNKNOWN (cannot be read);
// DATA_LOSS (damaged gzip); RESOURCE_EXHAUSTED (more than `bytes_max` bytes).
absl::StatusOr<std::string> ReadTextFile(const std::string& path, size_t bytes_max);

}  // namespace clientele::cli

#endif  // CLI_CLIENT_TEXT_FILE_H_
