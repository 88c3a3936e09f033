#ifndef SERVICES_COMPLAINTS_CONFIG_H_
#define SERVICES_COMPLAINTS_CONFIG_H_

// What complaints can be configured with beside what every service has
// (common/server/server_config.h).

#include <string>

#include "common/config/config_schema.h"

namespace clientele::complaints {

// Each field is a key, described at AddComplaintsKeys; the values here are the defaults.
struct ComplaintsConfig {
  std::string profile_address = "127.0.0.1:7001";
  std::string loyalty_address = "127.0.0.1:7003";
};

// Adds the keys to `schema`; `config` outlives it.
void AddComplaintsKeys(ConfigSchema& schema, ComplaintsConfig& config);

}  // namespace clientele::complaints

#endif  // SERVICES_COMPLAINTS_CONFIG_H_
