#ifndef CLI_COMMANDS_SALES_H_
#define CLI_COMMANDS_SALES_H_

// `clientele sales report`: sales by period, channel and region.

#include "CLI/App.hpp"
#include "cli/environment.h"

namespace clientele::cli {

// Adds to `app`; it runs when `app` parses it. `environment` outlives `app`.
void AddSalesCommands(CLI::App& app, Environment& environment);

}  // namespace clientele::cli

#endif  // CLI_COMMANDS_SALES_H_
