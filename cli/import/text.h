#ifndef CLI_IMPORT_TEXT_H_
#define CLI_IMPORT_TEXT_H_

// Checks and normal forms of text taken from files.
// Thread safety: pure functions.

#include <optional>
#include <string>

#include "absl/strings/string_view.h"

namespace clientele::cli {

// Whether the bytes are well-formed UTF-8 (no surrogates, no overlong forms, at most U+10FFFF).
bool IsValidUtf8(absl::string_view text);

// Whether the contract takes the text as a name or number: at most kTextCharactersMax characters,
// none of them an ASCII control character. `text` must be valid UTF-8. The empty text is fine.
bool IsImportableText(absl::string_view text);

// Lower-cased (ASCII), each run outside [a-z0-9] one '-', none at either end: "Abbey O'Reilly" is
// "abbey-o-reilly". Empty when `text` has no ASCII letter or digit.
std::string Slug(absl::string_view text);

// Whether `text` is three capital letters, the shape of an ISO 4217 code.
bool IsCurrencyCode(absl::string_view text);

}  // namespace clientele::cli

#endif  // CLI_IMPORT_TEXT_H_
