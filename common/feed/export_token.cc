#include "common/feed/export_token.h"

#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/feed/errors.h"
#include "common/feed/limits.h"
#include "common/feed/resume_token.h"
#include "common/status/macros.h"

namespace clientele::feed {
namespace {

// Between three texts that have none: the start as a resume token, the cursor in base64, a
// checksum.
constexpr absl::string_view kSeparator = ".";

std::string Checksum(absl::string_view service_name, absl::string_view start,
                     absl::string_view cursor) {
  return absl::StrCat(
      absl::Hex(StableHash64(absl::StrCat(service_name, "/export/", start, "/", cursor))));
}

}  // namespace

std::string EncodeExportToken(absl::string_view service_name, const ExportPlace& place) {
  CLIENTELE_CHECK(place.cursor.size() <= kExportCursorBytesMax);
  const std::string start = EncodeResumeToken(service_name, place.start);
  const std::string cursor = absl::WebSafeBase64Escape(place.cursor);
  return absl::StrCat(start, kSeparator, cursor, kSeparator, Checksum(service_name, start, cursor));
}

absl::StatusOr<ExportPlace> DecodeExportToken(absl::string_view service_name,
                                              absl::string_view token) {
  if (token.size() > kExportTokenLengthMax) {
    return InvalidExportToken("is too long");
  }
  const std::vector<absl::string_view> parts = absl::StrSplit(token, kSeparator);
  if (parts.size() != 3 || parts[2] != Checksum(service_name, parts[0], parts[1])) {
    return InvalidExportToken("is not a token of this feed");
  }
  const absl::StatusOr<Positions> start = DecodeResumeToken(service_name, parts[0]);
  ExportPlace place;
  if (!start.ok() || !absl::WebSafeBase64Unescape(parts[1], &place.cursor)) {
    return InvalidExportToken("is malformed");
  }
  place.start = *start;
  return place;
}

}  // namespace clientele::feed
