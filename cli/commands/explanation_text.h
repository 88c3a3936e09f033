#ifndef CLI_COMMANDS_EXPLANATION_TEXT_H_
#define CLI_COMMANDS_EXPLANATION_TEXT_H_

// Why a decision came out as it did, for people.

#include <string>

#include "clientele/common/v1/explanation.pb.h"

namespace clientele::cli {

// The outcome and its rule, each input, each check with its answer, and what is missing for the
// next outcome, on lines of their own. Pure.
std::string ExplanationText(const common::v1::Explanation& explanation);

}  // namespace clientele::cli

#endif  // CLI_COMMANDS_EXPLANATION_TEXT_H_
