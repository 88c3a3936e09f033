#ifndef CLI_COMMANDS_CUSTOMERS_READ_H_
#define CLI_COMMANDS_CUSTOMERS_READ_H_

// `clientele customers get`, `list`, `lookup` and `facts`.

#include "CLI/App.hpp"
#include "cli/environment.h"

namespace clientele::cli {

// Adds to `app`; it runs when `app` parses it. `environment` outlives `app`.
void AddCustomersReadCommands(CLI::App& app, Environment& environment);

}  // namespace clientele::cli

#endif  // CLI_COMMANDS_CUSTOMERS_READ_H_
