#ifndef SERVICES_LOYALTY_CONFIG_H_
#define SERVICES_LOYALTY_CONFIG_H_

// What loyalty can be configured with beside what every service has
// (common/server/server_config.h).

#include <string>

#include "absl/time/time.h"
#include "common/config/config_schema.h"

namespace clientele::loyalty {

// Each field is a key, described at AddLoyaltyKeys; the values here are the defaults.
struct LoyaltyConfig {
  std::string profile_address = "127.0.0.1:7001";
  std::string program_currency = "GBP";
  absl::Duration sweep_interval = absl::Minutes(1);
  absl::Duration ledger_check_interval = absl::Minutes(5);
};

// Adds the keys to `schema`; `config` outlives it.
void AddLoyaltyKeys(ConfigSchema& schema, LoyaltyConfig& config);

}  // namespace clientele::loyalty

#endif  // SERVICES_LOYALTY_CONFIG_H_
