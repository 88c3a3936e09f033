#ifndef CLI_COMMANDS_IMPORT_H_
#define CLI_COMMANDS_IMPORT_H_

// `clientele import purchases FILE`: takes a whole purchase file in; and import_records.h.

#include "CLI/App.hpp"
#include "cli/environment.h"

namespace clientele::cli {

// Adds the command to `app`; it runs when `app` parses it. `environment` outlives `app`.
void AddImportCommands(CLI::App& app, Environment& environment);

}  // namespace clientele::cli

#endif  // CLI_COMMANDS_IMPORT_H_
