#ifndef CLI_COMMANDS_RFM_MATRIX_H_
#define CLI_COMMANDS_RFM_MATRIX_H_

// `clientele rfm matrix`: the R x F matrix of a run as heat maps.

#include "CLI/App.hpp"
#include "cli/environment.h"

namespace clientele::cli {

// Adds to `app`; it runs when `app` parses it. `environment` outlives `app`.
void AddRfmMatrixCommand(CLI::App& app, Environment& environment);

}  // namespace clientele::cli

#endif  // CLI_COMMANDS_RFM_MATRIX_H_
