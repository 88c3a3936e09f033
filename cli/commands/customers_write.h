#ifndef CLI_COMMANDS_CUSTOMERS_WRITE_H_
#define CLI_COMMANDS_CUSTOMERS_WRITE_H_

// `clientele customers create`, `update`, `delete` and `undelete`.

#include "CLI/App.hpp"
#include "cli/environment.h"

namespace clientele::cli {

// Adds to `app`; it runs when `app` parses it. `environment` outlives `app`.
void AddCustomersWriteCommands(CLI::App& app, Environment& environment);

}  // namespace clientele::cli

#endif  // CLI_COMMANDS_CUSTOMERS_WRITE_H_
