#include "cli/commands/complaints.h"

#include "cli/commands/complaints_file.h"
#include "cli/commands/complaints_read.h"
#include "cli/commands/complaints_remedy.h"
#include "cli/commands/complaints_work.h"

namespace clientele::cli {

void AddComplaintsCommands(CLI::App& app, Environment& environment) {
  CLI::App* group = app.add_subcommand("complaints", "Take complaints in and put them right")
                        ->require_subcommand(1);
  AddComplaintsFileCommand(*group, environment);
  AddComplaintsReadCommands(*group, environment);
  AddComplaintsWorkCommands(*group, environment);
  AddComplaintsRemedyCommands(*group, environment);
}

}  // namespace clientele::cli
