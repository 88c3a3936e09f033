#include "cli/import/text.h"

#include <algorithm>
#include <cstdint>
#include <cstring>

#include "absl/strings/ascii.h"
#include "cli/import/limits.h"
#include "common/status/error.h"
#include "common/text/text.h"

namespace clientele::cli {
namespace {

// Whether every byte is ASCII, in steps of eight.
bool IsAscii(absl::string_view text) {
  while (text.size() >= sizeof(uint64_t)) {
    uint64_t word;
    std::memcpy(&word, text.data(), sizeof(word));
    if ((word & 0x8080808080808080u) != 0) return false;
    text.remove_prefix(sizeof(word));
  }
  return std::all_of(text.begin(), text.end(), [](unsigned char c) { return c < 0x80; });
}

// Printable ASCII without blanks at its ends and not too long: nothing to normalise or to refuse.
bool IsPlain(absl::string_view text) {
  if (text.empty()) return true;
  return text.size() <= kTextCharactersMax && text.front() != ' ' && text.back() != ' ' &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= ' ' && c <= '~'; });
}

}  // namespace

bool IsUtf8(absl::string_view text) { return IsAscii(text) || IsValidUtf8(text); }

std::optional<absl::string_view> NormalizeText(absl::string_view text, std::string& buffer) {
  if (IsPlain(text)) return text;
  Violations violations;
  buffer = ValidateText("text", text, kTextCharactersMax, violations);
  if (!violations.empty()) return std::nullopt;
  return buffer;
}

std::string Slug(absl::string_view text) {
  std::string slug;
  slug.reserve(text.size());
  for (const char c : text) {
    if (absl::ascii_isalnum(static_cast<unsigned char>(c))) {
      slug.push_back(absl::ascii_tolower(static_cast<unsigned char>(c)));
    } else if (!slug.empty() && slug.back() != '-') {
      slug.push_back('-');
    }
  }
  if (!slug.empty() && slug.back() == '-') slug.pop_back();
  return slug;
}

}  // namespace clientele::cli
