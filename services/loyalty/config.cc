#include "services/loyalty/config.h"

namespace clientele::loyalty {

void AddLoyaltyKeys(ConfigSchema& schema, LoyaltyConfig& config) {
  schema.Add("profile.address", &config.profile_address,
             TextKey{.doc = "Where profile serves its feed, host:port.", .allowed = {}});
  schema.Add("program.currency", &config.program_currency,
             TextKey{.doc = "Currency of the program: orders in another one earn nothing. Counts "
                            "until the first purchase arrives; the program is published then and "
                            "keeps its currency.",
                     .allowed = {"AUD", "BRL", "CAD", "CHF", "CNY", "CZK", "DKK", "EUR", "GBP",
                                 "HKD", "HUF", "INR", "JPY", "KRW", "KWD", "MXN", "NOK", "NZD",
                                 "PLN", "SEK", "SGD", "THB", "TRY", "TWD", "USD", "ZAR"}});
  schema.Add("jobs.sweep_interval", &config.sweep_interval,
             DurationKey{.doc = "How often expired points and ended tiers of members without calls "
                                "are posted; reads never wait for it.",
                         .min = absl::Seconds(1),
                         .max = absl::Hours(24)});
  schema.Add("jobs.ledger_check_interval", &config.ledger_check_interval,
             DurationKey{.doc = "How long after a check of every member's balance against its "
                                "entries and lots the next one begins, at one replica.",
                         .min = absl::Seconds(1),
                         .max = absl::Hours(24)});
}

}  // namespace clientele::loyalty
