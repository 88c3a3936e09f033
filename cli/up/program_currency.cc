#include "cli/up/program_currency.h"

#include "common/config/config_schema.h"
#include "common/config/config_value.h"
#include "common/status/macros.h"
#include "services/loyalty/config.h"

namespace clientele::cli {

absl::StatusOr<CurrencyCode> ParseProgramCurrency(const std::string& text) {
  loyalty::LoyaltyConfig config;
  ConfigSchema schema("loyalty");
  loyalty::AddLoyaltyKeys(schema, config);
  CLIENTELE_RETURN_IF_ERROR(
      ParseConfigValue(schema.keys().at("program.currency"), {ConfigText::Form::kPlain, {text}})
          .status());
  return CurrencyCode::Parse(text);
}

}  // namespace clientele::cli
