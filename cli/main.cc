// clientele: wiring only.

#include <cstdio>
#include <cstdlib>

#include "CLI/CLI.hpp"
#include "cli/commands/all_commands.h"
#include "cli/commands/up.h"
#include "cli/demo/demo.h"
#include "cli/environment.h"
#include "common/server/version.h"

int main(int argc, char** argv) {
  // What gRPC would print of its own beside our sentences; an operator may set it to see more.
  // NOLINTNEXTLINE(concurrency-mt-unsafe): there are no threads yet
  setenv("GRPC_VERBOSITY", "NONE", /*overwrite=*/0);
  clientele::cli::Environment environment(stdout, stderr);
  CLI::App app("The command line of Clientele", "clientele");
  app.set_version_flag("--version", clientele::server::kVersion);
  clientele::cli::AddAllCommands(app, environment);
  clientele::cli::AddUpCommand(app, environment);
  clientele::cli::AddDemoCommand(app, environment);
  return clientele::cli::RunCommandLine(app, environment, argc, argv);
}
