#include "cli/commands/customers.h"

#include "cli/commands/customers_read.h"
#include "cli/commands/customers_write.h"

namespace clientele::cli {

void AddCustomersCommands(CLI::App& app, Environment& environment) {
  CLI::App* group =
      app.add_subcommand("customers", "Read and change customers")->require_subcommand(1);
  AddCustomersReadCommands(*group, environment);
  AddCustomersWriteCommands(*group, environment);
}

}  // namespace clientele::cli
