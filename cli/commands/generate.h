#ifndef CLI_COMMANDS_GENERATE_H_
#define CLI_COMMANDS_GENERATE_H_

// `clientele generate`: csv files of a made-up business, for demonstrations and measurements.

#include "CLI/App.hpp"
#include "cli/environment.h"

namespace clientele::cli {

// Adds the command to `app`; it runs when `app` parses it. `environment` outlives `app`.
void AddGenerateCommand(CLI::App& app, Environment& environment);

}  // namespace clientele::cli

#endif  // CLI_COMMANDS_GENERATE_H_
