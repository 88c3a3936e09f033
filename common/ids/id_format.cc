#include "common/ids/id_format.h"

#include <algorithm>
#include <cstddef>

#include "absl/strings/ascii.h"

namespace clientele {
namespace {

constexpr size_t kUuidLength = 36;
constexpr size_t kIdLengthMin = 3;
constexpr size_t kIdLengthMax = 63;  // a DNS label, so that an id can be a host name or a tag

bool IsHyphenPosition(size_t index) {
  return index == 8 || index == 13 || index == 18 || index == 23;
}

bool IsIdStart(char c) { return absl::ascii_islower(c) || absl::ascii_isdigit(c); }

}  // namespace

bool IsUuid(absl::string_view text) {
  if (text.size() != kUuidLength) {
    return false;
  }
  for (size_t i = 0; i < kUuidLength; ++i) {
    if (IsHyphenPosition(i) ? text[i] != '-' : !absl::ascii_isxdigit(text[i])) {
      return false;
    }
  }
  return true;
}

std::optional<std::string> CanonicalUuid(absl::string_view text) {
  if (!IsUuid(text)) {
    return std::nullopt;
  }
  return absl::AsciiStrToLower(text);
}

bool IsCallerChosenId(absl::string_view text) {
  if (text.size() < kIdLengthMin || text.size() > kIdLengthMax || !IsIdStart(text[0])) {
    return false;
  }
  return std::all_of(text.begin(), text.end(), [](char c) { return IsIdStart(c) || c == '-'; });
}

}  // namespace clientele
