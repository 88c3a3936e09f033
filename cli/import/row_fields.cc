#include "cli/import/row_fields.h"

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "cli/import/limits.h"
#include "common/money/decimal.h"

namespace clientele::cli {

std::optional<Rejection> ReadQuantity(absl::string_view text, int64_t* quantity) {
  // SimpleAtoi would take surrounding blanks; a number here is only a number.
  const bool blank_around =
      !text.empty() && (absl::ascii_isspace(text.front()) || absl::ascii_isspace(text.back()));
  if (blank_around || !absl::SimpleAtoi(text, quantity)) {
    return Rejection{RejectReason::kInvalidQuantity, "the quantity is not a whole number"};
  }
  if (*quantity > kQuantityMax || *quantity < -kQuantityMax) {
    return Rejection{RejectReason::kInvalidQuantity, "the quantity is beyond 1e9"};
  }
  return std::nullopt;
}

std::optional<Rejection> ReadPrice(absl::string_view text, int64_t* price_micros) {
  const absl::StatusOr<int64_t> micros = ParseDecimalMicros(text);
  if (!micros.ok()) {
    return Rejection{RejectReason::kInvalidPrice,
                     "the amount is not a decimal number with at most six decimals"};
  }
  if (*micros > kPriceMicrosMax || *micros < -kPriceMicrosMax) {
    return Rejection{RejectReason::kInvalidPrice, "the amount is beyond 1e9"};
  }
  *price_micros = *micros;
  return std::nullopt;
}

std::optional<Rejection> ReadPriceNotNegative(absl::string_view text, int64_t* price_micros) {
  if (std::optional<Rejection> rejection = ReadPrice(text, price_micros)) return rejection;
  if (*price_micros < 0) return Rejection{RejectReason::kInvalidPrice, "the amount is below zero"};
  return std::nullopt;
}

}  // namespace clientele::cli
