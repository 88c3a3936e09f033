#include "services/profile/api/validation/locale_codes.h"

#include <unicode/locid.h>
#include <unicode/region.h>
#include <unicode/stringpiece.h>

#include "absl/strings/ascii.h"

namespace clientele::profile {
namespace {

icu::StringPiece ToPiece(absl::string_view text) {
  return icu::StringPiece(text.data(), static_cast<int32_t>(text.size()));
}

}  // namespace

std::optional<std::string> CanonicalLanguageCode(absl::string_view text) {
  UErrorCode error = U_ZERO_ERROR;
  const icu::Locale locale = icu::Locale::forLanguageTag(ToPiece(text), error);
  if (U_FAILURE(error) || locale.isBogus() || *locale.getLanguage() == '\0') return std::nullopt;
  std::string tag = locale.toLanguageTag<std::string>(error);
  // ICU drops what it cannot read; a tag that lost a part is not the caller's.
  if (U_FAILURE(error) || tag.size() != text.size()) return std::nullopt;
  return tag;
}

std::optional<std::string> CanonicalRegionCode(absl::string_view text) {
  if (text.empty() || text.size() > 3) return std::nullopt;
  UErrorCode error = U_ZERO_ERROR;
  const icu::Region* region = icu::Region::getInstance(absl::AsciiStrToUpper(text).c_str(), error);
  if (U_FAILURE(error) || region == nullptr || region->getType() != URGN_TERRITORY) {
    return std::nullopt;
  }
  return std::string(region->getRegionCode());
}

}  // namespace clientele::profile
