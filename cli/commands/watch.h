#ifndef CLI_COMMANDS_WATCH_H_
#define CLI_COMMANDS_WATCH_H_

// `clientele watch SERVICE`: the service's feed as JSON lines, resumable.

#include "CLI/App.hpp"
#include "cli/environment.h"

namespace clientele::cli {

// Adds the command to `app`; it runs when `app` parses it. `environment` outlives `app`.
void AddWatchCommand(CLI::App& app, Environment& environment);

}  // namespace clientele::cli

#endif  // CLI_COMMANDS_WATCH_H_
