#ifndef CLI_COMMANDS_PURCHASES_RECORD_H_
#define CLI_COMMANDS_PURCHASES_RECORD_H_

// `clientele purchases record`.

#include "CLI/App.hpp"
#include "cli/environment.h"

namespace clientele::cli {

// Adds to `app`; it runs when `app` parses it. `environment` outlives `app`.
void AddPurchasesRecordCommand(CLI::App& app, Environment& environment);

}  // namespace clientele::cli

#endif  // CLI_COMMANDS_PURCHASES_RECORD_H_
