#ifndef SERVICES_SEGMENTATION_DOMAIN_EXPLANATION_H_
#define SERVICES_SEGMENTATION_DOMAIN_EXPLANATION_H_

// Why a customer has the scores it has, and what the next ones would take. Pure functions.

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "services/segmentation/domain/cut_points.h"
#include "services/segmentation/domain/order_counting.h"
#include "services/segmentation/domain/rfm_model.h"

namespace clientele::segmentation {

struct ExplanationInput {
  std::string name;
  std::string value;
  std::string source;
};

struct ExplanationCheck {
  std::string name;  // what is compared: "recency_days", "frequency_score"
  std::string actual;
  std::string comparison;  // "=", ">", ">=", "<", "<="
  std::string threshold;
  bool passed = false;
};

// The fields of clientele.common.v1.Explanation.
struct Explanation {
  std::string subject;
  std::string outcome;
  std::string rule_id;
  int64_t rule_version = 0;
  std::vector<ExplanationInput> inputs;
  std::vector<ExplanationCheck> checks;
  std::string next_outcome;
  std::string distance_to_next;
};

// One customer's score taken apart.
struct ScoreExplanation {
  // Outcome "AT_RISK 244"; rule = the rule set; inputs = the scores and the orders; checks = the
  // ranges of the rule that matched. The next outcome is the cell and segment after the step that
  // is easiest to influence: one more F if there is one, else M, else R; empty when the customer
  // has the best score of all three. The distance says what that step takes.
  Explanation segment;
  // By Dimension. Outcome "F 3"; rule = the model; checks = every edge, from the lowest score up;
  // the distance is a sentence: "F 3: 4 orders; 5 needed for 4." Money in major units.
  std::array<Explanation, 3> dimensions;
};

// What an explanation is about and the model that decided.
struct ExplanationContext {
  absl::string_view subject;  // an id, no personal data
  absl::string_view model_id;
  int64_t model_version = 0;
};

// Why `row` has the scores that ScoreOne gives it.
ScoreExplanation ExplainScore(const ExplanationContext& context, const RfmModelSpec& spec,
                              const CutPoints& cut_points, const RfmRow& row);

// Why a customer whose orders all lie before the model's window has no scores. `spec` has a window.
ScoreExplanation ExplainOutOfWindow(const ExplanationContext& context, const RfmModelSpec& spec,
                                    int32_t recency_days);

}  // namespace clientele::segmentation

#endif  // SERVICES_SEGMENTATION_DOMAIN_EXPLANATION_H_
