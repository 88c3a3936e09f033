#include "common/money/decimal.h"

#include <algorithm>
#include <cstddef>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

namespace clientele {
namespace {

constexpr size_t kDecimalLengthMax = 64;  // far above the 20 digits any amount can have
constexpr size_t kMicrosDigits = 6;

constexpr absl::string_view kNotADecimal = "must be digits with at most one point";

bool HasOnlyDigits(absl::string_view text) {
  return std::all_of(text.begin(), text.end(), absl::ascii_isdigit);
}

std::string GroupThousands(absl::string_view digits) {
  std::string grouped;
  for (size_t i = 0; i < digits.size(); ++i) {
    if (i > 0 && (digits.size() - i) % 3 == 0) {
      grouped.push_back(',');
    }
    grouped.push_back(digits[i]);
  }
  return grouped;
}

std::string Format(int64_t amount_minor, CurrencyCode currency, bool group) {
  const size_t places = static_cast<size_t>(MinorUnitDigits(currency));
  const bool negative = amount_minor < 0;
  // Through the unsigned type, because the smallest int64 has no positive counterpart.
  const uint64_t magnitude = negative ? uint64_t{0} - static_cast<uint64_t>(amount_minor)
                                      : static_cast<uint64_t>(amount_minor);
  std::string digits = absl::StrCat(magnitude);
  if (digits.size() <= places) {
    digits.insert(0, places + 1 - digits.size(), '0');
  }
  const absl::string_view all = digits;
  const absl::string_view whole = all.substr(0, all.size() - places);
  const absl::string_view fraction = all.substr(all.size() - places);
  return absl::StrCat(negative ? "-" : "", group ? GroupThousands(whole) : std::string(whole),
                      fraction.empty() ? "" : ".", fraction);
}

}  // namespace

absl::StatusOr<int64_t> ParseDecimalMicros(absl::string_view text) {
  if (text.size() > kDecimalLengthMax) {
    return absl::InvalidArgumentError("must not be longer than 64 characters");
  }
  const bool negative = absl::ConsumePrefix(&text, "-");
  if (!negative) {
    absl::ConsumePrefix(&text, "+");
  }
  const size_t point = text.find('.');
  const absl::string_view whole = text.substr(0, point);
  const absl::string_view written =
      point == absl::string_view::npos ? absl::string_view() : text.substr(point + 1);
  if (!HasOnlyDigits(whole) || !HasOnlyDigits(written) || whole.size() + written.size() == 0) {
    return absl::InvalidArgumentError(kNotADecimal);
  }
  if (written.size() > kMicrosDigits &&
      written.substr(kMicrosDigits).find_first_not_of('0') != absl::string_view::npos) {
    return absl::InvalidArgumentError("must not have more than six decimal places");
  }
  std::string fraction(kMicrosDigits, '0');
  std::copy_n(written.begin(), std::min(written.size(), kMicrosDigits), fraction.begin());
  int64_t micros = 0;
  if (!absl::SimpleAtoi(absl::StrCat(negative ? "-" : "", whole, fraction), &micros)) {
    return absl::InvalidArgumentError("must lie within ±9,223,372,036,854");
  }
  return micros;
}

std::string FormatMinorUnits(int64_t amount_minor, CurrencyCode currency) {
  return Format(amount_minor, currency, /*group=*/false);
}

std::string FormatMinorUnitsGrouped(int64_t amount_minor, CurrencyCode currency) {
  return Format(amount_minor, currency, /*group=*/true);
}

}  // namespace clientele
