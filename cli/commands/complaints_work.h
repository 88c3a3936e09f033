#ifndef CLI_COMMANDS_COMPLAINTS_WORK_H_
#define CLI_COMMANDS_COMPLAINTS_WORK_H_

// `clientele complaints ack`, `assign`, `message`, `resolve`, `close` and `reopen`.

#include "CLI/App.hpp"
#include "cli/environment.h"

namespace clientele::cli {

// Adds to `app`; it runs when `app` parses it. `environment` outlives `app`.
void AddComplaintsWorkCommands(CLI::App& app, Environment& environment);

}  // namespace clientele::cli

#endif  // CLI_COMMANDS_COMPLAINTS_WORK_H_
