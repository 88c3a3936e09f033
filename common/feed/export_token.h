#ifndef COMMON_FEED_EXPORT_TOKEN_H_
#define COMMON_FEED_EXPORT_TOKEN_H_

// The opaque text that says where an export goes on, and what was true when it began.
//
// Not secret and without authority, as a resume token is; a checksum tells a mangled one or one of
// another service from a good one. Thread safety: pure functions.

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/feed/positions.h"

namespace clientele::feed {

struct ExportPlace {
  Positions start{};   // the heads before the first page: where the watch begins afterwards
  std::string cursor;  // the exporter's; empty = the first page
};

// The cursor is at most kExportCursorBytesMax long (CHECK).
std::string EncodeExportToken(absl::string_view service_name, const ExportPlace& place);

// The inverse. INVALID_ARGUMENT INVALID_PAGE_TOKEN when it is malformed, empty or another
// service's.
absl::StatusOr<ExportPlace> DecodeExportToken(absl::string_view service_name,
                                              absl::string_view token);

}  // namespace clientele::feed

#endif  // COMMON_FEED_EXPORT_TOKEN_H_
