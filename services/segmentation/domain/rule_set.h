#ifndef SERVICES_SEGMENTATION_DOMAIN_RULE_SET_H_
#define SERVICES_SEGMENTATION_DOMAIN_RULE_SET_H_

// Rule sets: how a cell of scores ("545") becomes a named segment. They are data, versioned.
//
// The first rule that matches wins. Everything is constant or a value: safe from every thread; the
// returned pointers and views live as long as the program.

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "services/segmentation/domain/rfm_model.h"

namespace clientele::segmentation {

// Position in RuleSet::segments.
using SegmentIndex = uint8_t;

struct Segment {
  absl::string_view id;       // "AT_RISK"
  absl::string_view name_en;  // "Can't Lose Them"
  absl::string_view name_zh;
  absl::string_view strategy;  // what to do with such a customer, one English sentence
};

// Closed range of scores or orders.
struct Range {
  int32_t low = 0;
  int32_t high = INT32_MAX;

  constexpr bool Contains(int32_t value) const { return low <= value && value <= high; }
};

// Scores of one customer, with the orders behind them. r, f, m are 1..k, k = best.
struct Cell {
  uint8_t r = 0;
  uint8_t f = 0;
  uint8_t m = 0;
  int32_t orders = 0;
};

// Matches when every range contains its value; `fm` is of FrequencyMonetaryScore.
struct SegmentRule {
  SegmentIndex segment = 0;
  Range r;
  Range f;
  Range m;
  Range fm;
  Range orders;
};

struct RuleSet {
  absl::string_view id;
  int32_t version;
  absl::Span<const RfmMethod> methods;  // the methods whose scores the rules are written for
  int score_count;                      // the k they are written for
  absl::Span<const Segment> segments;   // in the order in which reports list them
  absl::Span<const SegmentRule> rules;  // they cover every cell: the last one may be a catch-all
  std::optional<SegmentIndex> without_order;  // of known customers that have no counted order
  std::optional<SegmentIndex> out_of_window;  // of those whose orders all lie before the window
};

// classic-8, growth-11, r-rfm-10, in this order.
absl::Span<const RuleSet> BuiltInRuleSets();

// nullptr when there is no such rule set.
const RuleSet* FindRuleSet(absl::string_view id);

// The rule set of a valid model (CHECK).
const RuleSet& RulesOf(const RfmModelSpec& spec);

// nullopt when `rules` has no such segment.
std::optional<SegmentIndex> FindSegment(const RuleSet& rules, absl::string_view segment_id);

// (F + M) / 2, rounded half up.
int FrequencyMonetaryScore(const Cell& cell);

// The first rule that matches `cell`, with the contract of MatchSegment.
const SegmentRule& MatchRule(const RuleSet& rules, const Cell& cell);

// The segment of `cell`, whose scores must be 1..rules.score_count and orders >= 1.
SegmentIndex MatchSegment(const RuleSet& rules, const Cell& cell);

// MatchSegment for every cell, computed once: for loops over many customers.
class SegmentTable {
 public:
  explicit SegmentTable(const RuleSet& rules);

  // Same contract as MatchSegment.
  SegmentIndex Find(const Cell& cell) const {
    const int several = cell.orders > 1 ? 1 : 0;
    return table_[((several * score_count_ + cell.r - 1) * score_count_ + cell.f - 1) *
                      score_count_ +
                  cell.m - 1];
  }

 private:
  size_t score_count_;
  std::vector<SegmentIndex> table_;  // [one order | several][r][f][m]
};

}  // namespace clientele::segmentation

#endif  // SERVICES_SEGMENTATION_DOMAIN_RULE_SET_H_
