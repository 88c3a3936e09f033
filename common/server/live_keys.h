#ifndef COMMON_SERVER_LIVE_KEYS_H_
#define COMMON_SERVER_LIVE_KEYS_H_

// The keys that a process takes anew at SIGHUP, without a restart: kLimitsKeys and kLogLevelKey.

#include <string>

#include "absl/types/span.h"
#include "common/config/config_load.h"
#include "common/config/config_schema.h"
#include "common/observability/log.h"
#include "common/server/server_config.h"
#include "common/server/service_runtime.h"

namespace clientele::server {

// Adds kLogLevelKey to `schema`; `log_level` outlives it.
void AddLogLevelKey(ConfigSchema& schema, std::string& log_level);

// Adds these keys alone, for a process that reads no others; `config` outlives `schema`.
void AddLiveKeys(ConfigSchema& schema, ServerConfig& config);

// Reads them again from `sources` to where `schema` has them, in `config`, and makes `runtimes` and
// `logger` work by them, or changes nothing when they cannot be used. Says so in `logger`, and
// which other keys of the schema want a restart. Whoever else reads `config` must be kept away.
void ReloadLiveKeys(const ConfigSchema& schema, const ConfigSources& sources,
                    const ServerConfig& config, absl::Span<ServiceRuntime* const> runtimes,
                    Logger& logger);

}  // namespace clientele::server

#endif  // COMMON_SERVER_LIVE_KEYS_H_
