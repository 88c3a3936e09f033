#include "common/money/money.h"

#include "absl/numeric/int128.h"
#include "absl/strings/str_cat.h"
#include "common/status/error.h"
#include "common/status/macros.h"

namespace clientele {
namespace {

absl::Status AmountOutOfRange() {
  return ErrorBuilder(absl::StatusCode::kInvalidArgument, "AMOUNT_OUT_OF_RANGE",
                      absl::StrCat("the amount is beyond ", kAmountMinorMax, " minor units"))
      .Metadata("amount_minor_max", absl::StrCat(kAmountMinorMax))
      .Build();
}

absl::Status CurrencyMismatch(CurrencyCode left, CurrencyCode right) {
  return ErrorBuilder(absl::StatusCode::kInvalidArgument, "CURRENCY_MISMATCH",
                      absl::StrCat("amounts in ", left.ToString(), " and ", right.ToString(),
                                   " cannot be combined"))
      .Metadata("currency_code", left.ToString())
      .Metadata("other_currency_code", right.ToString())
      .Build();
}

absl::StatusOr<int64_t> InRange(absl::int128 amount_minor) {
  if (amount_minor > kAmountMinorMax || amount_minor < -kAmountMinorMax) {
    return AmountOutOfRange();
  }
  return static_cast<int64_t>(amount_minor);
}

// `divisor` > 0.
absl::int128 DivideHalfAwayFromZero(absl::int128 dividend, absl::int128 divisor) {
  const absl::int128 half = divisor / 2;
  return dividend < 0 ? -((-dividend + half) / divisor) : (dividend + half) / divisor;
}

int64_t MicrosPerMinorUnit(CurrencyCode currency) {
  int64_t micros = kMicrosPerMajorUnit;
  for (int digit = 0; digit < MinorUnitDigits(currency); ++digit) {
    micros /= 10;
  }
  return micros;
}

}  // namespace

absl::StatusOr<int64_t> AddMinor(int64_t left_minor, int64_t right_minor) {
  return InRange(absl::int128(left_minor) + right_minor);
}

absl::StatusOr<int64_t> SubtractMinor(int64_t left_minor, int64_t right_minor) {
  return InRange(absl::int128(left_minor) - right_minor);
}

absl::StatusOr<int64_t> MultiplyMinor(int64_t amount_minor, int64_t factor) {
  return InRange(absl::int128(amount_minor) * factor);
}

absl::StatusOr<Money> Add(Money left, Money right) {
  if (left.currency != right.currency) {
    return CurrencyMismatch(left.currency, right.currency);
  }
  CLIENTELE_ASSIGN_OR_RETURN(left.amount_minor, AddMinor(left.amount_minor, right.amount_minor));
  return left;
}

absl::StatusOr<Money> Subtract(Money left, Money right) {
  if (left.currency != right.currency) {
    return CurrencyMismatch(left.currency, right.currency);
  }
  CLIENTELE_ASSIGN_OR_RETURN(left.amount_minor,
                             SubtractMinor(left.amount_minor, right.amount_minor));
  return left;
}

absl::StatusOr<Money> Multiply(Money amount, int64_t factor) {
  CLIENTELE_ASSIGN_OR_RETURN(amount.amount_minor, MultiplyMinor(amount.amount_minor, factor));
  return amount;
}

absl::StatusOr<int64_t> LineAmountMinor(int64_t quantity, int64_t unit_price_micros,
                                        CurrencyCode currency) {
  const absl::int128 amount_micros = absl::int128(quantity) * unit_price_micros;
  return InRange(DivideHalfAwayFromZero(amount_micros, MicrosPerMinorUnit(currency)));
}

}  // namespace clientele
