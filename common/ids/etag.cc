#include "common/ids/etag.h"

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"

namespace clientele {

std::string EtagOf(int64_t version) { return absl::StrCat("v", version); }

std::optional<int64_t> ParseEtag(absl::string_view etag) {
  int64_t version = 0;
  if (etag.empty() || !absl::SimpleAtoi(etag.substr(1), &version)) return std::nullopt;
  // The round trip refuses signs, blanks and leading zeros.
  if (version < 1 || EtagOf(version) != etag) return std::nullopt;
  return version;
}

}  // namespace clientele
