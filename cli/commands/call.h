#ifndef CLI_COMMANDS_CALL_H_
#define CLI_COMMANDS_CALL_H_

// `clientele call SERVICE/METHOD JSON`: any unary or server-streaming RPC, learned by reflection.

#include "CLI/App.hpp"
#include "cli/environment.h"

namespace clientele::cli {

// Adds the command to `app`; it runs when `app` parses it. `environment` outlives `app`.
void AddCallCommand(CLI::App& app, Environment& environment);

}  // namespace clientele::cli

#endif  // CLI_COMMANDS_CALL_H_
