#include "cli/commands/rfm.h"

#include "cli/commands/rfm_compare.h"
#include "cli/commands/rfm_matrix.h"
#include "cli/commands/rfm_run.h"
#include "cli/commands/rfm_show.h"

namespace clientele::cli {

void AddRfmCommands(CLI::App& app, Environment& environment) {
  CLI::App* group = app.add_subcommand("rfm", "Score customers by recency, frequency and value")
                        ->require_subcommand(1);
  AddRfmRunCommand(*group, environment);
  AddRfmShowCommands(*group, environment);
  AddRfmCompareCommand(*group, environment);
  AddRfmMatrixCommand(*group, environment);
}

}  // namespace clientele::cli
