#include "cli/commands/purchases.h"

#include "cli/commands/purchases_read.h"
#include "cli/commands/purchases_record.h"
#include "cli/commands/purchases_return.h"

namespace clientele::cli {

void AddPurchasesCommands(CLI::App& app, Environment& environment) {
  CLI::App* group =
      app.add_subcommand("purchases", "Read, record and refund purchases")->require_subcommand(1);
  AddPurchasesReadCommands(*group, environment);
  AddPurchasesRecordCommand(*group, environment);
  AddPurchasesReturnCommands(*group, environment);
}

}  // namespace clientele::cli
