#ifndef CLI_COMMANDS_RFM_MOVEMENT_TEXT_H_
#define CLI_COMMANDS_RFM_MOVEMENT_TEXT_H_

// A comparison of two RFM runs for people. A pure function.

#include <string>

#include "clientele/segmentation/v1/rfm_report.pb.h"

namespace clientele::cli {

enum class MovementRows { kLargest, kAll };

// The segments before and after as a table, then the movements between them, then a sentence.
std::string RfmComparisonText(const clientele::segmentation::v1::RfmComparison& comparison,
                              MovementRows rows);

}  // namespace clientele::cli

#endif  // CLI_COMMANDS_RFM_MOVEMENT_TEXT_H_
