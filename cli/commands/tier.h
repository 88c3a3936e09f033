#ifndef CLI_COMMANDS_TIER_H_
#define CLI_COMMANDS_TIER_H_

#include "CLI/App.hpp"
#include "cli/environment.h"

namespace clientele::cli {

// Adds `tier show|explain|history`. `environment` outlives `app`.
void AddTierCommands(CLI::App& app, Environment& environment);

}  // namespace clientele::cli

#endif  // CLI_COMMANDS_TIER_H_
