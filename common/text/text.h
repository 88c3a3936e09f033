#ifndef COMMON_TEXT_TEXT_H_
#define COMMON_TEXT_TEXT_H_

// Text as it comes from outside: checked, trimmed and brought to one Unicode form (NFC), so that
// what looks the same is stored, compared and counted the same.
//
// Lengths are in characters, meaning Unicode code points. Thread safety: pure functions.

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/status/error.h"

namespace clientele {

// True when `text` is well-formed UTF-8 (no surrogates, no overlong forms).
bool IsValidUtf8(absl::string_view text);

// The number of characters of `text`; a byte that is not UTF-8 counts as one.
int64_t CountCharacters(absl::string_view text);

// `text` in Unicode normalisation form C. INVALID_ARGUMENT when it is not UTF-8.
absl::StatusOr<std::string> NormalizeNfc(absl::string_view text);

// `text` without the Unicode white space at its two ends; UTF-8 that is malformed ends the white
// space. The result points into `text`.
absl::string_view TrimWhiteSpace(absl::string_view text);

// Which control characters (Unicode category Cc) a text may hold. U+0000 is never among them,
// because PostgreSQL cannot store it.
enum class ControlCharacters {
  kRefuse,
  kAllowLayout,  // tab, line feed and carriage return: for notes of several lines
};

// True when `text` holds a control character that `allowed` does not name.
bool HasForbiddenControl(absl::string_view text, ControlCharacters allowed);

// Checks `text` and returns it trimmed and in NFC. Every violation is added to `violations` under
// the proto path `field`: not UTF-8, a forbidden control character, or more than `characters_max`
// characters once trimmed and normalised. Empty text passes: whether a field is required is the
// caller's rule. When a violation was added the result is empty.
std::string ValidateText(absl::string_view field, absl::string_view text, int64_t characters_max,
                         Violations& violations,
                         ControlCharacters allowed = ControlCharacters::kRefuse);

}  // namespace clientele

#endif  // COMMON_TEXT_TEXT_H_
