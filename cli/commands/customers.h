#ifndef CLI_COMMANDS_CUSTOMERS_H_
#define CLI_COMMANDS_CUSTOMERS_H_

// `clientele customers`: who the customers are.

#include "CLI/App.hpp"
#include "cli/environment.h"

namespace clientele::cli {

// Adds to `app`; it runs when `app` parses it. `environment` outlives `app`.
void AddCustomersCommands(CLI::App& app, Environment& environment);

}  // namespace clientele::cli

#endif  // CLI_COMMANDS_CUSTOMERS_H_
