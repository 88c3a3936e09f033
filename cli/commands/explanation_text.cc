#include "cli/commands/explanation_text.h"

#include "absl/strings/str_cat.h"

namespace clientele::cli {

std::string ExplanationText(const common::v1::Explanation& explanation) {
  std::string text = absl::StrCat("\n", explanation.outcome(), " by ", explanation.rule().id(),
                                  " version ", explanation.rule().version(), "\n");
  for (const auto& input : explanation.inputs()) {
    absl::StrAppend(&text, "  ", input.name(), " = ", input.value(), " (", input.source(), ")\n");
  }
  for (const auto& check : explanation.checks()) {
    absl::StrAppend(&text, "  ", check.passed() ? "yes" : "no ", "  ", check.name(), ": ",
                    check.actual(), " ", check.operator_(), " ", check.threshold(), "\n");
  }
  if (!explanation.next_outcome().empty()) {
    absl::StrAppend(&text, "  next: ", explanation.next_outcome(),
                    ", missing: ", explanation.distance_to_next(), "\n");
  }
  return text;
}

}  // namespace clientele::cli
