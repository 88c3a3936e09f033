#ifndef CLI_COMMANDS_POINTS_H_
#define CLI_COMMANDS_POINTS_H_

#include "CLI/App.hpp"
#include "cli/environment.h"

namespace clientele::cli {

// Adds `points balance|history|redeem|adjust|verify`. `environment` outlives `app`.
void AddPointsCommands(CLI::App& app, Environment& environment);

}  // namespace clientele::cli

#endif  // CLI_COMMANDS_POINTS_H_
