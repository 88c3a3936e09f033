#ifndef COMMON_MONEY_DECIMAL_H_
#define COMMON_MONEY_DECIMAL_H_

// Between decimal text and integers, exactly: no amount ever passes through floating point.
//
// Thread safety: pure functions.

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/money/currency.h"

namespace clientele {

// "12.345" -> 12,345,000 micros. An optional sign, then digits with at most one point before, among
// or after them: ".5" and "5." are what some programs export. No exponent, no grouping, no spaces.
// Zeros past the sixth decimal place are ignored, other digits there are refused, since they would
// be lost.
// INVALID_ARGUMENT, with a message that reads on after a field's name, for everything else, and
// beyond ±9,223,372,036,854.
absl::StatusOr<int64_t> ParseDecimalMicros(absl::string_view text);

// Plain decimal text of an amount, as machines read it: "8911407.90", "-0.05", "1200" for JPY.
std::string FormatMinorUnits(int64_t amount_minor, CurrencyCode currency);

// The same with a comma between thousands, as people read it: "8,911,407.90".
std::string FormatMinorUnitsGrouped(int64_t amount_minor, CurrencyCode currency);

}  // namespace clientele

#endif  // COMMON_MONEY_DECIMAL_H_
