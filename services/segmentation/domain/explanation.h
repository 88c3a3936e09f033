#ifndef SERVICES_SEGMENTATION_DOMAIN_EXPLANATION_H_
#define SERVICES_SEGMENTATION_DOMAIN_EXPLANATION_H_

// Why a customer has the score it has, and what the next one would take. Pure functions.

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
  std::string name;  // the score it opens: "F 4"
  std::string actual;
  std::string comparison;  // ">", ">=", "<", "<="
  std::string threshold;
  bool passed = false;
};

// The fields of clientele.common.v1.Explanation.
struct Explanation {
  std::string subject;
  std::string outcome;  // the segment's id
  std::string rule_id;  // the rule set
  int32_t rule_version = 0;
  std::vector<ExplanationInput> inputs;  // the three values, the cell
  std::vector<ExplanationCheck> checks;  // every edge of R, F and M, from the lowest score up
  // The cell and segment after the step that is easiest to influence: one more F if there is one,
  // else M, else R. Empty when the customer has the best score of all three.
  std::string next_outcome;
  // One sentence per dimension: "F 3: 4 orders; 5 needed for 4." Money in major units.
  std::string distance_to_next;
};

// `subject` says whom or what the explanation is about (an id, no personal data).
Explanation ExplainScore(absl::string_view subject, const RfmModelSpec& spec,
                         const CutPoints& cut_points, const RfmRow& row);

}  // namespace clientele::segmentation

#endif  // SERVICES_SEGMENTATION_DOMAIN_EXPLANATION_H_
