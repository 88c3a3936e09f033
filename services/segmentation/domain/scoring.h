#ifndef SERVICES_SEGMENTATION_DOMAIN_SCORING_H_
#define SERVICES_SEGMENTATION_DOMAIN_SCORING_H_

// Scores every customer of a run, or one, against cut points. Pure functions.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "services/segmentation/domain/cut_points.h"
#include "services/segmentation/domain/order_counting.h"
#include "services/segmentation/domain/rfm_model.h"
#include "services/segmentation/domain/rule_set.h"

namespace clientele::segmentation {

// Scores are 1..k with k best (2 = better than the centre with MEAN_SPLIT).
struct Score {
  uint8_t r = 0;
  uint8_t f = 0;
  uint8_t m = 0;
  SegmentIndex segment = 0;  // in the rule set of the model
};

// "545"; with more than nine scores the three are parted by dots ("10.4.5").
std::string CellName(int score_count, const Score& score);

struct SegmentTotal {
  int64_t customers = 0;
  int64_t orders = 0;
  int64_t revenue_minor = 0;  // in the model's monetary basis, see RfmRow
};

struct RunScores {
  std::vector<uint8_t> r;  // these four are parallel to the columns that were scored
  std::vector<uint8_t> f;
  std::vector<uint8_t> m;
  std::vector<SegmentIndex> segment;
  std::vector<SegmentTotal> totals;  // by SegmentIndex, zero rows included
  std::vector<int64_t> matrix;       // customers by [(r - 1) * k + (f - 1)]
  double tie_sensitivity = 0;        // share of the scored customers, 0..1, whose segment the
                                     // other tie policy would change

  Score At(size_t index) const { return {r[index], f[index], m[index], segment[index]}; }
};

// Scores every row. `spec` is valid and `cut_points` are of the same model (k - 1 edges each).
// The totals cover scored customers; AddUnscored puts the others in.
// Cost: O(customers x k), about 0.05 s for a million.
RunScores ScoreAll(const RfmModelSpec& spec, const CutPoints& cut_points,
                   const RfmColumns& columns);

// The same for one customer; equal to the entry that ScoreAll makes.
Score ScoreOne(const RfmModelSpec& spec, const CutPoints& cut_points, const RfmRow& row);

// The segment of a customer without a row: growth-11 says DORMANT when all orders lie before the
// window and PROSPECTS when no order counts for another reason; a deleted customer has none. The
// other rule sets have no such segment (nullopt): the customer is outside the run and only its
// reason is counted. `exclusion` must not be kNone.
std::optional<SegmentIndex> SegmentWithoutScore(const RuleSet& rules, Exclusion exclusion);

// Adds the excluded customers of `population` to the totals of the segments they belong to, with no
// orders and no revenue.
void AddUnscored(const RuleSet& rules, const Population& population, RunScores& scores);

}  // namespace clientele::segmentation

#endif  // SERVICES_SEGMENTATION_DOMAIN_SCORING_H_
