#include "cli/import/text.h"

#include <algorithm>
#include <cstdint>
#include <cstring>

#include "absl/strings/ascii.h"
#include "cli/import/limits.h"

namespace clientele::cli {
namespace {

bool IsContinuation(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

// Bytes of the ASCII text at the front, in steps of eight: almost every row is ASCII throughout.
size_t AsciiPrefixLength(absl::string_view text) {
  size_t length = 0;
  while (length + sizeof(uint64_t) <= text.size()) {
    uint64_t word;
    std::memcpy(&word, text.data() + length, sizeof(word));
    if ((word & 0x8080808080808080u) != 0) break;
    length += sizeof(word);
  }
  while (length < text.size() && static_cast<unsigned char>(text[length]) < 0x80) ++length;
  return length;
}

// Length of the well-formed sequence of two to four bytes at the front, or 0.
size_t MultibyteLength(absl::string_view text) {
  const auto lead = static_cast<unsigned char>(text[0]);
  const size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || text.size() < length) return 0;
  for (size_t i = 1; i < length; ++i) {
    if (!IsContinuation(text[i])) return 0;
  }
  const auto second = static_cast<unsigned char>(text[1]);
  const bool overlong = (lead == 0xE0 && second < 0xA0) || (lead == 0xF0 && second < 0x90);
  const bool out_of_range = (lead == 0xED && second > 0x9F) || (lead == 0xF4 && second > 0x8F);
  return overlong || out_of_range ? 0 : length;
}

}  // namespace

bool IsValidUtf8(absl::string_view text) {
  for (;;) {
    text.remove_prefix(AsciiPrefixLength(text));
    if (text.empty()) return true;
    const size_t length = MultibyteLength(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
}

bool IsImportableText(absl::string_view text) {
  size_t characters = 0;
  for (const char c : text) {
    if (absl::ascii_iscntrl(static_cast<unsigned char>(c))) return false;
    if (!IsContinuation(c)) ++characters;
  }
  return characters <= kTextCharactersMax;
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

bool IsCurrencyCode(absl::string_view text) {
  return text.size() == 3 && std::all_of(text.begin(), text.end(),
                                         [](unsigned char c) { return absl::ascii_isupper(c); });
}

}  // namespace clientele::cli
