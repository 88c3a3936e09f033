#ifndef CLI_COMMANDS_RFM_RUN_H_
#define CLI_COMMANDS_RFM_RUN_H_

// `clientele rfm run`: publishes the model the flags describe, runs it and prints what came out.

#include "CLI/App.hpp"
#include "cli/environment.h"

namespace clientele::cli {

// Adds to `app`; it runs when `app` parses it. `environment` outlives `app`.
void AddRfmRunCommand(CLI::App& app, Environment& environment);

}  // namespace clientele::cli

#endif  // CLI_COMMANDS_RFM_RUN_H_
