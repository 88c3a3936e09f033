#ifndef COMMON_SERVER_SERVER_MAIN_H_
#define COMMON_SERVER_SERVER_MAIN_H_

// What `main` of a server binary does: serve, migrate, check-config, probe.

#include "common/config/config_schema.h"
#include "common/server/server_config.h"
#include "common/server/service_module.h"

namespace clientele::server {

// Runs the subcommand of `argv` and answers the exit code: 0 ok, 1 it failed (a sentence stands on
// standard error), 2 usage. `schema` fills `config` and whatever `definition` refers to; it is
// loaded before `definition` is used.
int RunServerMain(int argc, char** argv, const ConfigSchema& schema, const ServerConfig& config,
                  const ServiceDefinition& definition);

}  // namespace clientele::server

#endif  // COMMON_SERVER_SERVER_MAIN_H_
