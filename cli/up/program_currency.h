#ifndef CLI_UP_PROGRAM_CURRENCY_H_
#define CLI_UP_PROGRAM_CURRENCY_H_

// The currency of the loyalty program as a user gives it.

#include <string>

#include "absl/status/statusor.h"
#include "common/money/currency.h"

namespace clientele::cli {

// INVALID_ARGUMENT, with a message that reads on after an option's name, for what loyalty's key
// program.currency does not take; it lists what that takes. Pure.
absl::StatusOr<CurrencyCode> ParseProgramCurrency(const std::string& text);

}  // namespace clientele::cli

#endif  // CLI_UP_PROGRAM_CURRENCY_H_
