#ifndef COMMON_IDS_ETAG_H_
#define COMMON_IDS_ETAG_H_

// The etag of a row: its version as opaque text.

#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"

namespace clientele {

// The etag of a version, which is at least 1.
std::string EtagOf(int64_t version);

// The version an etag names; nullopt when it was not made by EtagOf.
std::optional<int64_t> ParseEtag(absl::string_view etag);

}  // namespace clientele

#endif  // COMMON_IDS_ETAG_H_
