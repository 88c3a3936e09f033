#ifndef CLI_COMMANDS_AMOUNT_TEXT_H_
#define CLI_COMMANDS_AMOUNT_TEXT_H_

// Amounts of money for people. Pure functions.

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"

namespace clientele::cli {

// "8,911,407.90" for GBP; the minor units with separators when the currency is not known.
std::string AmountText(int64_t amount_minor, absl::string_view currency_code);

// "revenue GBP", or `title` alone without a currency.
std::string AmountTitle(absl::string_view title, absl::string_view currency_code);

}  // namespace clientele::cli

#endif  // CLI_COMMANDS_AMOUNT_TEXT_H_
