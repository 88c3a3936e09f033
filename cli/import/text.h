#ifndef CLI_IMPORT_TEXT_H_
#define CLI_IMPORT_TEXT_H_

// Checks and normal forms of text taken from files.
// Thread safety: pure functions.

#include <optional>
#include <string>

#include "absl/strings/string_view.h"

namespace clientele::cli {

// As clientele::IsValidUtf8, quick for the ASCII that almost every row is.
bool IsUtf8(absl::string_view text);

// The form in which the contract keeps a name or number: without white space at its ends, in NFC.
// nullopt when the contract refuses it: a control character, or more than kTextCharactersMax
// characters. `text` must be valid UTF-8; the empty text is fine. The result points into `text` or
// into `buffer`.
std::optional<absl::string_view> NormalizeText(absl::string_view text, std::string& buffer);

// Lower-cased (ASCII), each run outside [a-z0-9] one '-', none at either end: "Abbey O'Reilly" is
// "abbey-o-reilly". Empty when `text` has no ASCII letter or digit.
std::string Slug(absl::string_view text);

}  // namespace clientele::cli

#endif  // CLI_IMPORT_TEXT_H_
