#ifndef CLI_IMPORT_DECIMAL_H_
#define CLI_IMPORT_DECIMAL_H_

// Exact decimal text to integers: money never passes through floating point.
// Thread safety: pure functions.

#include <cstdint>
#include <optional>

#include "absl/strings/string_view.h"

namespace clientele::cli {

// Millionths of the amount written in `text`: "2.55" is 2'550'000. Accepts an optional sign, digits
// and one point with digits on at least one side; decimals past the sixth must be zeros. nullopt
// for anything else (blanks, exponents, thousands separators) and for what does not fit.
std::optional<int64_t> ParseDecimalMicros(absl::string_view text);

// `dividend` / `divisor`, rounded half up; dividend >= 0 and divisor > 0.
int64_t DivideRoundingHalfUp(int64_t dividend, int64_t divisor);

}  // namespace clientele::cli

#endif  // CLI_IMPORT_DECIMAL_H_
