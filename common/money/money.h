#ifndef COMMON_MONEY_MONEY_H_
#define COMMON_MONEY_MONEY_H_

// Amounts of money in minor units, with arithmetic that refuses instead of overflowing.
//
// Every amount stays within ±kAmountMinorMax, so that the sum of any two fits into 64 bits. There
// is no floating point. Unit prices are finer than minor units: they are in micros, millionths of
// the major unit.
// Errors: AMOUNT_OUT_OF_RANGE and CURRENCY_MISMATCH, both INVALID_ARGUMENT.
// Thread safety: values and pure functions.

#include <cstdint>

#include "absl/status/statusor.h"
#include "common/money/currency.h"

namespace clientele {

// 4 * 10^18: below half of what 64 bits hold.
inline constexpr int64_t kAmountMinorMax = 4'000'000'000'000'000'000;

// How many micros one major unit has.
inline constexpr int64_t kMicrosPerMajorUnit = 1'000'000;

struct Money {
  int64_t amount_minor;  // cents, pence, yen: units of 10^-MinorUnitDigits(currency)
  CurrencyCode currency;

  friend bool operator==(const Money&, const Money&) = default;
};

// Sum and difference of two amounts of one currency.
absl::StatusOr<Money> Add(Money left, Money right);
absl::StatusOr<Money> Subtract(Money left, Money right);

// `amount` taken `factor` times.
absl::StatusOr<Money> Multiply(Money amount, int64_t factor);

// The same on bare minor units, for callers that have checked the currency once for many rows.
absl::StatusOr<int64_t> AddMinor(int64_t left_minor, int64_t right_minor);
absl::StatusOr<int64_t> SubtractMinor(int64_t left_minor, int64_t right_minor);
absl::StatusOr<int64_t> MultiplyMinor(int64_t amount_minor, int64_t factor);

// `quantity` pieces at `unit_price_micros` each, rounded once, half away from zero, to the minor
// units of `currency`. Either factor may be negative.
absl::StatusOr<int64_t> LineAmountMinor(int64_t quantity, int64_t unit_price_micros,
                                        CurrencyCode currency);

}  // namespace clientele

#endif  // COMMON_MONEY_MONEY_H_
