#ifndef CLI_COMMANDS_RFM_H_
#define CLI_COMMANDS_RFM_H_

// `clientele rfm`: scores customers by recency, frequency and monetary value, and shows scores.

#include "CLI/App.hpp"
#include "cli/environment.h"

namespace clientele::cli {

// Adds to `app`; it runs when `app` parses it. `environment` outlives `app`.
void AddRfmCommands(CLI::App& app, Environment& environment);

}  // namespace clientele::cli

#endif  // CLI_COMMANDS_RFM_H_
