#ifndef CLI_COMMANDS_IMPORT_RECORDS_H_
#define CLI_COMMANDS_IMPORT_RECORDS_H_

// `clientele import customers|refunds|complaints FILE`: takes files of the product's own csv
// formats in.

#include "CLI/App.hpp"
#include "cli/environment.h"

namespace clientele::cli {

// Adds the commands to `import`; they run when it is parsed. `environment` outlives `import`.
void AddImportRecordsCommands(CLI::App& import, Environment& environment);

}  // namespace clientele::cli

#endif  // CLI_COMMANDS_IMPORT_RECORDS_H_
