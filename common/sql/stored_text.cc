#include "common/sql/stored_text.h"

#include <cmath>
#include <cstdint>
#include <cstring>
#include <variant>

#include "common/sql/errors.h"
#include "common/text/text.h"

namespace clientele::sql {
namespace {

constexpr uint64_t kHighBits = 0x8080808080808080u;
constexpr uint64_t kLowBits = 0x0101010101010101u;

// True when all eight bytes are ASCII other than U+0000: no high bit is set, and subtracting one
// from each sets a high bit only by borrowing at a zero byte.
bool AreEightPlainBytes(uint64_t bytes) { return ((bytes | (bytes - kLowBits)) & kHighBits) == 0; }

}  // namespace

bool IsStorableText(absl::string_view text) {
  size_t i = 0;
  for (; i + sizeof(uint64_t) <= text.size(); i += sizeof(uint64_t)) {
    uint64_t bytes;
    std::memcpy(&bytes, text.data() + i, sizeof(bytes));
    if (!AreEightPlainBytes(bytes)) {
      break;
    }
  }
  while (i < text.size() && text[i] > 0) {
    ++i;
  }
  const absl::string_view rest = text.substr(i);
  return rest.empty() || (rest.find('\0') == absl::string_view::npos && IsValidUtf8(rest));
}

absl::Status CheckStorable(const Param& param) {
  if (const auto* text = std::get_if<absl::string_view>(&param);
      text != nullptr && !IsStorableText(*text)) {
    return SqlDefect("a text parameter holds U+0000 or is not UTF-8");
  }
  if (const auto* number = std::get_if<double>(&param); number != nullptr && std::isnan(*number)) {
    return SqlDefect("a parameter is NaN");
  }
  return absl::OkStatus();
}

}  // namespace clientele::sql
