#ifndef CLI_COMMANDS_PURCHASES_READ_H_
#define CLI_COMMANDS_PURCHASES_READ_H_

// `clientele purchases get` and `list`.

#include "CLI/App.hpp"
#include "cli/environment.h"

namespace clientele::cli {

// Adds to `app`; it runs when `app` parses it. `environment` outlives `app`.
void AddPurchasesReadCommands(CLI::App& app, Environment& environment);

}  // namespace clientele::cli

#endif  // CLI_COMMANDS_PURCHASES_READ_H_
