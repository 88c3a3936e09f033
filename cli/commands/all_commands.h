#ifndef CLI_COMMANDS_ALL_COMMANDS_H_
#define CLI_COMMANDS_ALL_COMMANDS_H_

// The command line of `clientele` as a whole.

#include "CLI/App.hpp"
#include "cli/environment.h"

namespace clientele::cli {

// Adds the global options (--server, --data-dir, --json, --timeout; allowed anywhere on the line)
// and every command but `up`. `environment` outlives `app`. Call it before other subcommands are
// added, so that these inherit the place of the options.
void AddAllCommands(CLI::App& app, Environment& environment);

// Parses the arguments, which runs a command, and answers the exit code: kExitOk also for --help,
// kExitUsage with the reason on standard error for a wrong command line.
int RunCommandLine(CLI::App& app, Environment& environment, int argc, const char* const* argv);

}  // namespace clientele::cli

#endif  // CLI_COMMANDS_ALL_COMMANDS_H_
