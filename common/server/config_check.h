#ifndef COMMON_SERVER_CONFIG_CHECK_H_
#define COMMON_SERVER_CONFIG_CHECK_H_

// Whether a loaded configuration can be served: the checks of `check-config`, which `serve` makes
// too before it opens anything.

#include "absl/status/status.h"
#include "common/observability/log.h"
#include "common/server/server_config.h"
#include "common/server/service_module.h"
#include "common/time/clock.h"

namespace clientele::server {

// Looks at how the keys go together, and into the files that they name; opens no folder, database
// or port, and makes nothing. The error is a sentence that says which key is wrong. What only shows
// on the way (nobody answers at database.url, a port is taken) it cannot know.
absl::Status CheckConfig(const ServiceDefinition& definition, const ServerConfig& config,
                         const Clock& clock, Logger& logger);

}  // namespace clientele::server

#endif  // COMMON_SERVER_CONFIG_CHECK_H_
