#ifndef CLI_COMMANDS_RFM_SHOW_H_
#define CLI_COMMANDS_RFM_SHOW_H_

// `clientele rfm show` and `rfm list`: the scores of one customer, of a segment.

#include "CLI/App.hpp"
#include "cli/environment.h"

namespace clientele::cli {

// Adds to `app`; it runs when `app` parses it. `environment` outlives `app`.
void AddRfmShowCommands(CLI::App& app, Environment& environment);

}  // namespace clientele::cli

#endif  // CLI_COMMANDS_RFM_SHOW_H_
