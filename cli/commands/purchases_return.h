#ifndef CLI_COMMANDS_PURCHASES_RETURN_H_
#define CLI_COMMANDS_PURCHASES_RETURN_H_

// `clientele purchases refund` and `cancel`.

#include "CLI/App.hpp"
#include "cli/environment.h"

namespace clientele::cli {

// Adds to `app`; it runs when `app` parses it. `environment` outlives `app`.
void AddPurchasesReturnCommands(CLI::App& app, Environment& environment);

}  // namespace clientele::cli

#endif  // CLI_COMMANDS_PURCHASES_RETURN_H_
