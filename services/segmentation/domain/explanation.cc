#include "services/segmentation/domain/explanation.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <optional>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/status/macros.h"
#include "services/segmentation/domain/rule_set.h"
#include "services/segmentation/domain/scoring.h"

namespace clientele::segmentation {
namespace {

// One dimension of one customer.
struct Reading {
  Dimension dimension;
  double value;         // what is compared with the edges
  int64_t whole_value;  // the same for display: days, orders or minor units
  uint8_t score;
  EdgeSide side;
  const std::vector<double>& edges;
};

absl::string_view ValueName(Dimension dimension) {
  switch (dimension) {
    case Dimension::kRecency:
      return "recency_days";
    case Dimension::kFrequency:
      return "frequency";
    case Dimension::kMonetary:
      break;
  }
  return "monetary_minor";
}

absl::string_view ScoreName(Dimension dimension) {
  switch (dimension) {
    case Dimension::kRecency:
      return "recency_score";
    case Dimension::kFrequency:
      return "frequency_score";
    case Dimension::kMonetary:
      break;
  }
  return "monetary_score";
}

// The nearest value with a better score.
struct Step {
  int64_t needed;
  uint8_t score;
};

int64_t ToWhole(double value) {
  constexpr double kLimit = 9.2e18;  // safely inside int64
  return static_cast<int64_t>(std::clamp(value, -kLimit, kLimit));
}

// Smallest whole value beyond `edge` when more is better, largest before it when less is better.
int64_t NeededValue(const Reading& reading, double edge) {
  if (reading.dimension == Dimension::kRecency) {
    return ToWhole(reading.side == EdgeSide::kBelow ? std::floor(edge) : std::ceil(edge) - 1);
  }
  return ToWhole(reading.side == EdgeSide::kBelow ? std::floor(edge) + 1 : std::ceil(edge));
}

std::optional<Step> NextStep(const Reading& reading, int score_count) {
  const bool recency = reading.dimension == Dimension::kRecency;
  const int below = CountEdgesBelow(reading.edges, reading.side, reading.value);
  const int next = recency ? below - 1 : below;
  if (next < 0 || next >= static_cast<int>(reading.edges.size())) {
    return std::nullopt;
  }
  const int64_t needed = NeededValue(reading, reading.edges[next]);
  if (recency && needed < 1) {
    return std::nullopt;  // no order before as_of is that recent
  }
  const int needed_below =
      CountEdgesBelow(reading.edges, reading.side, static_cast<double>(needed));
  return Step{needed, ScoreFromEdgeCount(reading.dimension, score_count, needed_below)};
}

std::string MajorUnits(const RfmModelSpec& spec, int64_t amount_minor) {
  const int64_t per_major = spec.minor_units_per_major;
  const std::string sign = amount_minor < 0 ? "-" : "";
  const int64_t major = std::abs(amount_minor / per_major);
  const int64_t rest = std::abs(amount_minor % per_major);
  const int digits = static_cast<int>(absl::StrCat(per_major).size()) - 1;
  const std::string fraction = digits == 0 ? "" : absl::StrFormat(".%0*d", digits, rest);
  return absl::StrCat(sign, major, fraction, " ", spec.currency_code);
}

std::string Amount(const RfmModelSpec& spec, Dimension dimension, int64_t value) {
  switch (dimension) {
    case Dimension::kRecency:
      return absl::StrCat(value, value == 1 ? " day" : " days");
    case Dimension::kFrequency:
      return absl::StrCat(value, value == 1 ? " order" : " orders");
    case Dimension::kMonetary:
      break;
  }
  return MajorUnits(spec, value);
}

std::string DescribeDistance(const RfmModelSpec& spec, const Reading& reading) {
  const std::string present =
      absl::StrCat(DimensionLetter(reading.dimension), " ", reading.score, ": ",
                   Amount(spec, reading.dimension, reading.whole_value));
  const std::optional<Step> step = NextStep(reading, ScoreCount(spec));
  if (!step.has_value()) {
    return absl::StrCat(present, "; nothing better.");
  }
  const std::string needed = reading.dimension == Dimension::kMonetary
                                 ? MajorUnits(spec, step->needed)
                                 : absl::StrCat(step->needed);
  const absl::string_view fewer = reading.dimension == Dimension::kRecency ? " or fewer" : "";
  return absl::StrCat(present, "; ", needed, fewer, " needed for ", step->score, ".");
}

std::vector<ExplanationCheck> EdgeChecks(const Reading& reading, int score_count) {
  const bool recency = reading.dimension == Dimension::kRecency;
  const bool strict = (reading.side == EdgeSide::kBelow) != recency;
  const std::string comparison = absl::StrCat(recency ? "<" : ">", strict ? "" : "=");
  std::vector<ExplanationCheck> checks;
  for (int score = 2; score <= score_count; ++score) {
    const double edge = reading.edges[recency ? score_count - score : score - 2];
    const bool beyond =
        reading.side == EdgeSide::kBelow ? edge < reading.value : edge <= reading.value;
    checks.push_back({std::string(ValueName(reading.dimension)), absl::StrCat(reading.whole_value),
                      comparison, absl::StrFormat("%.10g", edge), recency != beyond});
  }
  return checks;
}

std::vector<Reading> ReadingsOf(const RfmModelSpec& spec, const CutPoints& cut_points,
                                const RfmRow& row, const Score& score) {
  const DimensionEdges& edges = cut_points.edges;
  return {
      {Dimension::kRecency, static_cast<double>(row.recency_days), row.recency_days, score.r,
       EdgeSideOf(spec, Dimension::kRecency), edges.recency_days},
      {Dimension::kFrequency, static_cast<double>(row.frequency), row.frequency, score.f,
       EdgeSideOf(spec, Dimension::kFrequency), edges.frequency_orders},
      {Dimension::kMonetary, MonetaryValue(spec.monetary, row), MonetaryMinor(spec.monetary, row),
       score.m, EdgeSideOf(spec, Dimension::kMonetary), edges.monetary_minor}};
}

Explanation ExplainDimension(const ExplanationContext& context, const RfmModelSpec& spec,
                             const Reading& reading) {
  const absl::string_view letter = DimensionLetter(reading.dimension);
  Explanation explanation;
  explanation.subject = std::string(context.subject);
  explanation.outcome = absl::StrCat(letter, " ", reading.score);
  explanation.rule_id = std::string(context.model_id);
  explanation.rule_version = context.model_version;
  explanation.inputs = {
      {std::string(ValueName(reading.dimension)), absl::StrCat(reading.whole_value), "order log"}};
  explanation.checks = EdgeChecks(reading, ScoreCount(spec));
  if (const std::optional<Step> step = NextStep(reading, ScoreCount(spec))) {
    explanation.next_outcome = absl::StrCat(letter, " ", step->score);
  }
  explanation.distance_to_next = DescribeDistance(spec, reading);
  return explanation;
}

// The ranges of a rule that say something, as comparisons that hold.
void AppendRangeChecks(absl::string_view name, int64_t actual, const Range& range,
                       std::vector<ExplanationCheck>& checks) {
  const std::string value = absl::StrCat(actual);
  if (range.low == range.high) {
    checks.push_back({std::string(name), value, "=", absl::StrCat(range.low), true});
    return;
  }
  if (range.low > 0) {
    checks.push_back({std::string(name), value, ">=", absl::StrCat(range.low), true});
  }
  if (range.high != std::numeric_limits<int32_t>::max()) {
    checks.push_back({std::string(name), value, "<=", absl::StrCat(range.high), true});
  }
}

std::vector<ExplanationCheck> RuleChecks(const SegmentRule& rule, const Cell& cell) {
  std::vector<ExplanationCheck> checks;
  AppendRangeChecks("recency_score", cell.r, rule.r, checks);
  AppendRangeChecks("frequency_score", cell.f, rule.f, checks);
  AppendRangeChecks("monetary_score", cell.m, rule.m, checks);
  AppendRangeChecks("frequency_monetary_score", FrequencyMonetaryScore(cell), rule.fm, checks);
  AppendRangeChecks("frequency", cell.orders, rule.orders, checks);
  return checks;
}

// The step that is easiest to influence, and where it leads.
void DescribeNextSegment(const RfmModelSpec& spec, const RuleSet& rules, const Cell& present,
                         const std::vector<Reading>& readings, Explanation& explanation) {
  for (const Dimension dimension :
       {Dimension::kFrequency, Dimension::kMonetary, Dimension::kRecency}) {
    const Reading& reading = readings[static_cast<size_t>(dimension)];
    const std::optional<Step> step = NextStep(reading, ScoreCount(spec));
    if (!step.has_value()) {
      continue;
    }
    Cell cell = present;
    if (dimension == Dimension::kFrequency) {
      cell.f = step->score;
      cell.orders = static_cast<int32_t>(
          std::min<int64_t>(step->needed, std::numeric_limits<int32_t>::max()));
    } else {
      (dimension == Dimension::kMonetary ? cell.m : cell.r) = step->score;
    }
    const SegmentIndex segment = MatchSegment(rules, cell);
    explanation.next_outcome =
        absl::StrCat(rules.segments[segment].id, " ",
                     CellName(ScoreCount(spec), {cell.r, cell.f, cell.m, segment}));
    explanation.distance_to_next = DescribeDistance(spec, reading);
    return;
  }
}

Explanation ExplainSegment(const ExplanationContext& context, const RfmModelSpec& spec,
                           const RfmRow& row, const Score& score,
                           const std::vector<Reading>& readings) {
  const RuleSet& rules = RulesOf(spec);
  const Cell cell{score.r, score.f, score.m, row.frequency};
  Explanation explanation;
  explanation.subject = std::string(context.subject);
  explanation.outcome =
      absl::StrCat(rules.segments[score.segment].id, " ", CellName(ScoreCount(spec), score));
  explanation.rule_id = std::string(rules.id);
  explanation.rule_version = rules.version;
  for (const Reading& reading : readings) {
    explanation.inputs.push_back(
        {std::string(ScoreName(reading.dimension)), absl::StrCat(reading.score), "cut points"});
  }
  explanation.inputs.push_back({"frequency", absl::StrCat(row.frequency), "order log"});
  explanation.checks = RuleChecks(MatchRule(rules, cell), cell);
  DescribeNextSegment(spec, rules, cell, readings, explanation);
  return explanation;
}

}  // namespace

ScoreExplanation ExplainScore(const ExplanationContext& context, const RfmModelSpec& spec,
                              const CutPoints& cut_points, const RfmRow& row) {
  const Score score = ScoreOne(spec, cut_points, row);
  const std::vector<Reading> readings = ReadingsOf(spec, cut_points, row, score);
  ScoreExplanation explanation;
  explanation.segment = ExplainSegment(context, spec, row, score, readings);
  for (const Reading& reading : readings) {
    explanation.dimensions[static_cast<size_t>(reading.dimension)] =
        ExplainDimension(context, spec, reading);
  }
  return explanation;
}

ScoreExplanation ExplainOutOfWindow(const ExplanationContext& context, const RfmModelSpec& spec,
                                    int32_t recency_days) {
  CLIENTELE_CHECK(spec.window_days.has_value());
  const RuleSet& rules = RulesOf(spec);
  const std::optional<SegmentIndex> segment = SegmentWithoutScore(rules, Exclusion::kOutOfWindow);
  const std::string outcome(ExclusionName(Exclusion::kOutOfWindow));
  ScoreExplanation explanation;
  explanation.segment.subject = std::string(context.subject);
  explanation.segment.outcome =
      segment.has_value() ? std::string(rules.segments[*segment].id) : outcome;
  explanation.segment.rule_id = std::string(rules.id);
  explanation.segment.rule_version = rules.version;
  explanation.segment.inputs = {{"recency_days", absl::StrCat(recency_days), "order log"}};
  explanation.segment.checks = {
      {"recency_days", absl::StrCat(recency_days), "<=", absl::StrCat(*spec.window_days), false}};
  for (const Dimension dimension : kDimensions) {
    Explanation& of_dimension = explanation.dimensions[static_cast<size_t>(dimension)];
    of_dimension = explanation.segment;
    of_dimension.outcome = outcome;
    of_dimension.rule_id = std::string(context.model_id);
    of_dimension.rule_version = context.model_version;
  }
  return explanation;
}

}  // namespace clientele::segmentation
