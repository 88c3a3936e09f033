#ifndef CLI_TESTING_COMMAND_RUN_H_
#define CLI_TESTING_COMMAND_RUN_H_

// Runs the command line inside the test program.

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "cli/client/endpoints.h"

namespace clientele::cli {

struct CommandResult {
  int exit_code = 0;
  std::string out;
  std::string err;

  // Standard output as JSON; discarded when it is not.
  nlohmann::json Json() const;
};

// Runs `clientele ARGUMENTS…` on this thread against `endpoints`, which it finds by --data-dir.
CommandResult RunClientele(const Endpoints& endpoints, const std::vector<std::string>& arguments);

// Without --data-dir: for command lines that reach no server.
CommandResult RunClientele(const std::vector<std::string>& arguments);

}  // namespace clientele::cli

#endif  // CLI_TESTING_COMMAND_RUN_H_
