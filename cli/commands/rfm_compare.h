#ifndef CLI_COMMANDS_RFM_COMPARE_H_
#define CLI_COMMANDS_RFM_COMPARE_H_

// `clientele rfm compare`: how customers moved between segments from one run to another.

#include "CLI/App.hpp"
#include "cli/environment.h"

namespace clientele::cli {

// Adds to `app`; it runs when `app` parses it. `environment` outlives `app`.
void AddRfmCompareCommand(CLI::App& app, Environment& environment);

}  // namespace clientele::cli

#endif  // CLI_COMMANDS_RFM_COMPARE_H_
