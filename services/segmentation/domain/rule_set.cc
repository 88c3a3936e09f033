#include "services/segmentation/domain/rule_set.h"

#include <algorithm>

#include "common/status/macros.h"

namespace clientele::segmentation {
namespace {

bool Matches(const SegmentRule& rule, const Cell& cell) {
  return rule.r.Contains(cell.r) && rule.f.Contains(cell.f) && rule.m.Contains(cell.m) &&
         rule.fm.Contains(FrequencyMonetaryScore(cell)) && rule.orders.Contains(cell.orders);
}

// SegmentTable keeps two answers per cell, so a rule may only part one order from several.
bool PartsOneOrderFromSeveral(const Range& orders) {
  const bool one_only = orders.low <= 1 && orders.high == 1;
  return one_only || (orders.low <= 2 && orders.high == INT32_MAX);
}

}  // namespace

const RuleSet* FindRuleSet(absl::string_view id) {
  const absl::Span<const RuleSet> all = BuiltInRuleSets();
  const auto found =
      std::find_if(all.begin(), all.end(), [id](const RuleSet& rules) { return rules.id == id; });
  return found == all.end() ? nullptr : &*found;
}

const RuleSet& RulesOf(const RfmModelSpec& spec) {
  const RuleSet* rules = FindRuleSet(spec.rule_set_id);
  CLIENTELE_CHECK(rules != nullptr);
  return *rules;
}

std::optional<SegmentIndex> FindSegment(const RuleSet& rules, absl::string_view segment_id) {
  for (size_t i = 0; i < rules.segments.size(); ++i) {
    if (rules.segments[i].id == segment_id) {
      return static_cast<SegmentIndex>(i);
    }
  }
  return std::nullopt;
}

int FrequencyMonetaryScore(const Cell& cell) { return (cell.f + cell.m + 1) / 2; }

const SegmentRule& MatchRule(const RuleSet& rules, const Cell& cell) {
  const auto rule = std::find_if(rules.rules.begin(), rules.rules.end(),
                                 [&cell](const SegmentRule& r) { return Matches(r, cell); });
  CLIENTELE_CHECK(rule != rules.rules.end());
  return *rule;
}

SegmentIndex MatchSegment(const RuleSet& rules, const Cell& cell) {
  return MatchRule(rules, cell).segment;
}

SegmentTable::SegmentTable(const RuleSet& rules) : score_count_(rules.score_count) {
  for (const SegmentRule& rule : rules.rules) {
    CLIENTELE_CHECK(PartsOneOrderFromSeveral(rule.orders));
  }
  table_.reserve(2 * score_count_ * score_count_ * score_count_);
  const uint8_t best = static_cast<uint8_t>(score_count_);
  for (const int32_t orders : {1, 2}) {
    for (uint8_t r = 1; r <= best; ++r) {
      for (uint8_t f = 1; f <= best; ++f) {
        for (uint8_t m = 1; m <= best; ++m) {
          table_.push_back(MatchSegment(rules, Cell{r, f, m, orders}));
        }
      }
    }
  }
}

}  // namespace clientele::segmentation
