#ifndef SERVICES_PROFILE_API_VALIDATION_LOCALE_CODES_H_
#define SERVICES_PROFILE_API_VALIDATION_LOCALE_CODES_H_

// Codes of languages and regions in their one canonical spelling.
//
// Thread safety: pure functions.

#include <optional>
#include <string>

#include "absl/strings/string_view.h"

namespace clientele::profile {

// The canonical BCP-47 tag ("zh-hans" -> "zh-Hans"); nullopt when it is ill-formed or names no
// language.
std::optional<std::string> CanonicalLanguageCode(absl::string_view text);

// The canonical CLDR territory ("uk" -> "GB"); nullopt when CLDR knows none of this code.
std::optional<std::string> CanonicalRegionCode(absl::string_view text);

}  // namespace clientele::profile

#endif  // SERVICES_PROFILE_API_VALIDATION_LOCALE_CODES_H_
