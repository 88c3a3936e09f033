#ifndef SERVICES_PROFILE_API_VALIDATION_CONTENT_HASH_H_
#define SERVICES_PROFILE_API_VALIDATION_CONTENT_HASH_H_

// Tells a repetition from a conflict without keeping or reading the content.

#include <string>

#include "absl/strings/string_view.h"

namespace clientele::profile {

// The 32 bytes of SHA-256. Thread-safe.
std::string ContentHash(absl::string_view canonical_content);

}  // namespace clientele::profile

#endif  // SERVICES_PROFILE_API_VALIDATION_CONTENT_HASH_H_
