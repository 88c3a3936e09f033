#ifndef CLI_COMMANDS_UP_H_
#define CLI_COMMANDS_UP_H_

// `clientele up`: every service in one process, for trial and development.

#include "CLI/App.hpp"
#include "cli/environment.h"

namespace clientele::cli {

// Adds the command to `app`; it runs when `app` parses it and blocks until SIGTERM or SIGINT.
// `environment` outlives `app`.
void AddUpCommand(CLI::App& app, Environment& environment);

}  // namespace clientele::cli

#endif  // CLI_COMMANDS_UP_H_
