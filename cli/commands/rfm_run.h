#ifndef CLI_COMMANDS_RFM_RUN_H_
#define CLI_COMMANDS_RFM_RUN_H_

// `clientele rfm run`: publishes the model the flags describe, runs it and prints what came out.

#include <string>

#include "CLI/App.hpp"
#include "absl/status/statusor.h"
#include "cli/environment.h"
#include "clientele/segmentation/v1/rfm_model.pb.h"
#include "clientele/segmentation/v1/rfm_run.pb.h"

namespace clientele::cli {

// What to run.
struct RfmRunOrder {
  clientele::segmentation::v1::RfmModelSpec spec;
  std::string as_of;   // YYYY-MM-DD
  bool force = false;  // also when the data cannot support it
};

// Waits until segmentation has read what profile has recorded, publishes the model, runs it and
// answers the run once it has succeeded; else why it did not. Shows progress on a terminal; Ctrl-C
// cancels the run. Blocks, at most ten minutes unless --timeout says otherwise.
absl::StatusOr<clientele::segmentation::v1::RfmRun> RunRfmModel(const RfmRunOrder& order,
                                                                Environment& environment);

// Adds to `app`; it runs when `app` parses it. `environment` outlives `app`.
void AddRfmRunCommand(CLI::App& app, Environment& environment);

}  // namespace clientele::cli

#endif  // CLI_COMMANDS_RFM_RUN_H_
