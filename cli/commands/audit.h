#ifndef CLI_COMMANDS_AUDIT_H_
#define CLI_COMMANDS_AUDIT_H_

// `clientele audit export` and `clientele audit verify`: who did what, and whether it is as it was
// written.

#include "CLI/App.hpp"
#include "cli/environment.h"

namespace clientele::cli {

// Adds the commands to `app`; they run when `app` parses them. `environment` outlives `app`.
void AddAuditCommands(CLI::App& app, Environment& environment);

}  // namespace clientele::cli

#endif  // CLI_COMMANDS_AUDIT_H_
