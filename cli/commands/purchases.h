#ifndef CLI_COMMANDS_PURCHASES_H_
#define CLI_COMMANDS_PURCHASES_H_

// `clientele purchases`: what customers bought.

#include "CLI/App.hpp"
#include "cli/environment.h"

namespace clientele::cli {

// Adds to `app`; it runs when `app` parses it. `environment` outlives `app`.
void AddPurchasesCommands(CLI::App& app, Environment& environment);

}  // namespace clientele::cli

#endif  // CLI_COMMANDS_PURCHASES_H_
