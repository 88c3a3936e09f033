#include "cli/commands/amount_text.h"

#include "absl/strings/str_cat.h"
#include "cli/output/table.h"
#include "common/money/currency.h"
#include "common/money/decimal.h"

namespace clientele::cli {

std::string AmountText(int64_t amount_minor, absl::string_view currency_code) {
  const auto currency = CurrencyCode::Parse(currency_code);
  return currency.ok() ? FormatMinorUnitsGrouped(amount_minor, *currency)
                       : WithSeparators(amount_minor);
}

std::string AmountTitle(absl::string_view title, absl::string_view currency_code) {
  return currency_code.empty() ? std::string(title) : absl::StrCat(title, " ", currency_code);
}

}  // namespace clientele::cli
