#ifndef CLI_DEMO_DEMO_H_
#define CLI_DEMO_DEMO_H_

// `clientele demo`: the whole suite on one screen.

#include "CLI/App.hpp"
#include "cli/environment.h"

namespace clientele::cli {

// Adds to `app`; it runs when `app` parses it. `environment` outlives `app`.
void AddDemoCommand(CLI::App& app, Environment& environment);

}  // namespace clientele::cli

#endif  // CLI_DEMO_DEMO_H_
