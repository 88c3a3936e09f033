#ifndef CLI_IMPORT_ROW_FIELDS_H_
#define CLI_IMPORT_ROW_FIELDS_H_

// Fields of a row to values. Each function answers why the field is refused, or nullopt and fills
// `*value`. Thread safety: pure functions.

#include <cstdint>
#include <optional>

#include "absl/strings/string_view.h"
#include "cli/import/purchase_file.h"

namespace clientele::cli {

// A whole number of magnitude <= kQuantityMax, negative and zero included. INVALID_QUANTITY.
std::optional<Rejection> ReadQuantity(absl::string_view text, int64_t* quantity);

// A decimal of magnitude <= 1e9 with up to 6 decimals, negative included, to millionths.
// INVALID_PRICE.
std::optional<Rejection> ReadPrice(absl::string_view text, int64_t* price_micros);

// The same, but below zero is refused too. INVALID_PRICE.
std::optional<Rejection> ReadPriceNotNegative(absl::string_view text, int64_t* price_micros);

}  // namespace clientele::cli

#endif  // CLI_IMPORT_ROW_FIELDS_H_
