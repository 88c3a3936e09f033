#ifndef CLI_COMMANDS_COMPLAINTS_REMEDY_H_
#define CLI_COMMANDS_COMPLAINTS_REMEDY_H_

// `clientele complaints remedy`.

#include "CLI/App.hpp"
#include "cli/environment.h"

namespace clientele::cli {

// Adds to `app`; it runs when `app` parses it. `environment` outlives `app`.
void AddComplaintsRemedyCommands(CLI::App& app, Environment& environment);

}  // namespace clientele::cli

#endif  // CLI_COMMANDS_COMPLAINTS_REMEDY_H_
