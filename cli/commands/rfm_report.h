#ifndef CLI_COMMANDS_RFM_REPORT_H_
#define CLI_COMMANDS_RFM_REPORT_H_

// A finished RFM run for machines and for people. Pure functions.

#include <nlohmann/json.hpp>
#include <string>

#include "absl/time/time.h"
#include "clientele/segmentation/v1/rfm_run.pb.h"

namespace clientele::cli {

// {"run_id","customers","edges","segments","tie_sensitivity","seconds"}; monetary edges in major
// units of the run's currency, unrounded.
nlohmann::ordered_json RfmRunJson(const clientele::segmentation::v1::RfmRun& run,
                                  absl::Duration elapsed);

// The segments as a table with bars, the edges, the tie sensitivity.
std::string RfmRunText(const clientele::segmentation::v1::RfmRun& run, absl::Duration elapsed);

// A line per gate that failed though the run was forced; "" when none did.
std::string FailedGatesText(const clientele::segmentation::v1::RfmRun& run);

}  // namespace clientele::cli

#endif  // CLI_COMMANDS_RFM_REPORT_H_
