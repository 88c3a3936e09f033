#ifndef COMMON_CONFIG_CONFIG_PRINT_H_
#define COMMON_CONFIG_CONFIG_PRINT_H_

// The configuration as text: what is in effect, and what there is. Thread safety: reads the targets
// of the schema, so no thread may write them meanwhile.

#include <string>

#include "common/config/config_schema.h"

namespace clientele {

// What stands in place of a secret's path.
inline constexpr char kRedacted[] = "<redacted>";

// For whom it is printed.
enum class ConfigReader {
  kOperator,  // who could read the configuration anyway
  kAnyone,    // whoever reaches a port: private keys (ListKey) are redacted like secrets
};

// Every key with its present value as YAML that LoadConfig reads back, each under a comment with
// its meaning, limits, default and variable. Secrets are redacted; an empty one is shown empty.
std::string PrintEffectiveConfig(const ConfigSchema& schema, ConfigReader reader);

// The JSON Schema (2020-12) of the service's YAML file; closed, so that editors mark unknown keys.
std::string ConfigJsonSchema(const ConfigSchema& schema);

}  // namespace clientele

#endif  // COMMON_CONFIG_CONFIG_PRINT_H_
