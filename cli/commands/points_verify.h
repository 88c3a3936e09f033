#ifndef CLI_COMMANDS_POINTS_VERIFY_H_
#define CLI_COMMANDS_POINTS_VERIFY_H_

#include "CLI/App.hpp"
#include "cli/environment.h"

namespace clientele::cli {

// Adds `verify` to `points`: whether every entry of the ledger is as it was written. `environment`
// outlives `points`.
void AddPointsVerifyCommand(CLI::App& points, Environment& environment);

}  // namespace clientele::cli

#endif  // CLI_COMMANDS_POINTS_VERIFY_H_
