#include "cli/import/decimal.h"

#include <limits>

#include "absl/strings/ascii.h"
#include "common/status/macros.h"

namespace clientele::cli {
namespace {

constexpr int kMicrosDigits = 6;

// value * 10 + digit, in place; false when it does not fit.
bool AppendDigit(int digit, int64_t* value) {
  constexpr int64_t kMax = std::numeric_limits<int64_t>::max();
  if (*value > (kMax - digit) / 10) return false;
  *value = *value * 10 + digit;
  return true;
}

bool TakeSign(absl::string_view* text) {
  if (text->empty() || (text->front() != '-' && text->front() != '+')) return false;
  const bool negative = text->front() == '-';
  text->remove_prefix(1);
  return negative;
}

}  // namespace

std::optional<int64_t> ParseDecimalMicros(absl::string_view text) {
  const bool negative = TakeSign(&text);
  int64_t micros = 0;
  int decimals = -1;  // -1 until the point is seen
  bool has_digit = false;
  for (const char c : text) {
    if (c == '.' && decimals < 0) {
      decimals = 0;
      continue;
    }
    if (!absl::ascii_isdigit(static_cast<unsigned char>(c))) return std::nullopt;
    has_digit = true;
    if (decimals >= kMicrosDigits) {
      if (c != '0') return std::nullopt;
      continue;
    }
    if (decimals >= 0) ++decimals;
    if (!AppendDigit(c - '0', &micros)) return std::nullopt;
  }
  if (!has_digit) return std::nullopt;
  for (int i = decimals < 0 ? 0 : decimals; i < kMicrosDigits; ++i) {
    if (!AppendDigit(0, &micros)) return std::nullopt;
  }
  return negative ? -micros : micros;
}

int64_t DivideRoundingHalfUp(int64_t dividend, int64_t divisor) {
  CLIENTELE_CHECK(dividend >= 0 && divisor > 0);
  const int64_t remainder = dividend % divisor;
  return dividend / divisor + (remainder >= divisor - remainder ? 1 : 0);
}

}  // namespace clientele::cli
