#include "common/money/currency.h"

#include <unicode/ucurr.h>

#include <algorithm>
#include <iterator>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"

namespace clientele {
namespace {

// The decimal places are ISO 4217's, kept here, and not ICU's: ICU carries what is customary in
// print (0 for RSD and IQD, where ISO says 2 and 3) and changes it between releases, which would
// change the meaning of amounts already stored. Past currencies keep the last value ISO listed.
constexpr absl::string_view kWithoutDecimals[] = {
    "BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG",
    "RWF", "UGX", "UYI", "VND", "VUV", "XAF", "XOF", "XPF",  // current
    "ADP", "BEF", "BYR", "ESP", "ITL", "LUF", "MGF", "PTE",  // past
    "TPE", "TRL"};
constexpr absl::string_view kWithThreeDecimals[] = {"BHD", "IQD", "JOD", "KWD",
                                                    "LYD", "OMR", "TND"};
constexpr absl::string_view kWithFourDecimals[] = {"CLF", "UYW"};

// Metals, bond units, settlement units, testing and "no currency": nothing a shop takes.
constexpr absl::string_view kWithoutMinorUnit[] = {"XAG", "XAU", "XBA", "XBB", "XBC", "XBD", "XDR",
                                                   "XPD", "XPT", "XSU", "XTS", "XUA", "XXX"};

template <size_t N>
bool Contains(const absl::string_view (&codes)[N], absl::string_view code) {
  return std::find(std::begin(codes), std::end(codes), code) != std::end(codes);
}

bool IsKnownToIso(absl::string_view code) {
  const UChar wide[] = {static_cast<UChar>(code[0]), static_cast<UChar>(code[1]),
                        static_cast<UChar>(code[2]), 0};
  return ucurr_getNumericCode(wide) != 0;
}

absl::Status InvalidCurrency() {
  return absl::InvalidArgumentError(
      "must be the three upper-case letters of an ISO 4217 currency, such as EUR");
}

}  // namespace

absl::StatusOr<CurrencyCode> CurrencyCode::Parse(absl::string_view text) {
  if (text.size() != 3 || !std::all_of(text.begin(), text.end(), absl::ascii_isupper)) {
    return InvalidCurrency();
  }
  if (Contains(kWithoutMinorUnit, text) || !IsKnownToIso(text)) {
    return InvalidCurrency();
  }
  return CurrencyCode({text[0], text[1], text[2]});
}

int MinorUnitDigits(CurrencyCode currency) {
  const std::string code = currency.ToString();
  if (Contains(kWithoutDecimals, code)) {
    return 0;
  }
  if (Contains(kWithThreeDecimals, code)) {
    return 3;
  }
  return Contains(kWithFourDecimals, code) ? 4 : 2;
}

}  // namespace clientele
