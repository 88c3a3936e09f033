#ifndef CLI_COMMANDS_COMPLAINTS_H_
#define CLI_COMMANDS_COMPLAINTS_H_

// `clientele complaints`: what went wrong for customers, and what is done about it.

#include "CLI/App.hpp"
#include "cli/environment.h"

namespace clientele::cli {

// Adds to `app`; it runs when `app` parses it. `environment` outlives `app`.
void AddComplaintsCommands(CLI::App& app, Environment& environment);

}  // namespace clientele::cli

#endif  // CLI_COMMANDS_COMPLAINTS_H_
