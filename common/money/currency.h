#ifndef COMMON_MONEY_CURRENCY_H_
#define COMMON_MONEY_CURRENCY_H_

// A currency of ISO 4217 and the number of its decimal places.
//
// Errors are unnamed INVALID_ARGUMENTs whose message reads on after a field's name:
//   violations.Add("currency_code", currency.status().message())
// Thread safety: a value; the functions are pure.

#include <array>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace clientele {

// Three upper-case letters that ISO 4217 knows as money. There is no empty currency: an optional
// one is std::optional<CurrencyCode>.
class CurrencyCode {
 public:
  // INVALID_ARGUMENT when `text` is not three upper-case letters, is
  // unknown to ISO 4217, or stands for something that has no minor unit (XAU, XXX, XTS, ...).
  // Currencies of the past (DEM) are accepted: purchases are imported long after they happened.
  static absl::StatusOr<CurrencyCode> Parse(absl::string_view text);

  std::string ToString() const { return std::string(letters_.data(), letters_.size()); }

  friend bool operator==(const CurrencyCode&, const CurrencyCode&) = default;
  friend bool operator<(const CurrencyCode& left, const CurrencyCode& right) {
    return left.letters_ < right.letters_;
  }

 private:
  explicit CurrencyCode(std::array<char, 3> letters) : letters_(letters) {}

  std::array<char, 3> letters_;
};

// How many decimal places the minor unit of `currency` has, 0 to 4, as ISO 4217 says: 2 for EUR,
// 0 for JPY, 3 for KWD.
int MinorUnitDigits(CurrencyCode currency);

}  // namespace clientele

#endif  // COMMON_MONEY_CURRENCY_H_
