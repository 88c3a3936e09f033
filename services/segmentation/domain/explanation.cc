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

void AppendChecks(const Reading& reading, int score_count, std::vector<ExplanationCheck>& checks) {
  const bool recency = reading.dimension == Dimension::kRecency;
  const bool strict = (reading.side == EdgeSide::kBelow) != recency;
  const std::string comparison = absl::StrCat(recency ? "<" : ">", strict ? "" : "=");
  for (int score = 2; score <= score_count; ++score) {
    const double edge = reading.edges[recency ? score_count - score : score - 2];
    const bool beyond =
        reading.side == EdgeSide::kBelow ? edge < reading.value : edge <= reading.value;
    checks.push_back({absl::StrCat(DimensionLetter(reading.dimension), " ", score),
                      absl::StrCat(reading.whole_value), comparison, absl::StrFormat("%.10g", edge),
                      recency != beyond});
  }
}

std::string DescribeNextOutcome(const RuleSet& rules, int score_count, const Score& score,
                                int32_t orders, const std::vector<Reading>& readings) {
  for (const Dimension dimension :
       {Dimension::kFrequency, Dimension::kMonetary, Dimension::kRecency}) {
    const std::optional<Step> step =
        NextStep(readings[static_cast<size_t>(dimension)], score_count);
    if (!step.has_value()) {
      continue;
    }
    Cell cell{score.r, score.f, score.m, orders};
    if (dimension == Dimension::kFrequency) {
      cell.f = step->score;
      cell.orders = static_cast<int32_t>(
          std::min<int64_t>(step->needed, std::numeric_limits<int32_t>::max()));
    } else {
      (dimension == Dimension::kMonetary ? cell.m : cell.r) = step->score;
    }
    const SegmentIndex segment = MatchSegment(rules, cell);
    return absl::StrCat(CellName(score_count, {cell.r, cell.f, cell.m, segment}), " ",
                        rules.segments[segment].id);
  }
  return "";
}

std::vector<ExplanationInput> InputsOf(const RfmModelSpec& spec, const RfmRow& row,
                                       const Score& score) {
  return {{"recency_days", absl::StrCat(row.recency_days), "order log"},
          {"frequency", absl::StrCat(row.frequency), "order log"},
          {"monetary_minor", absl::StrCat(MonetaryMinor(spec.monetary, row)), "order log"},
          {"cell", CellName(ScoreCount(spec), score), "cut points"}};
}

}  // namespace

Explanation ExplainScore(absl::string_view subject, const RfmModelSpec& spec,
                         const CutPoints& cut_points, const RfmRow& row) {
  const RuleSet* rules = FindRuleSet(spec.rule_set);
  CLIENTELE_CHECK(rules != nullptr);
  const int score_count = ScoreCount(spec);
  const Score score = ScoreOne(spec, cut_points, row);
  const DimensionEdges& edges = cut_points.edges;
  const std::vector<Reading> readings = {
      {Dimension::kRecency, static_cast<double>(row.recency_days), row.recency_days, score.r,
       EdgeSideOf(spec, Dimension::kRecency), edges.recency_days},
      {Dimension::kFrequency, static_cast<double>(row.frequency), row.frequency, score.f,
       EdgeSideOf(spec, Dimension::kFrequency), edges.frequency_orders},
      {Dimension::kMonetary, MonetaryValue(spec.monetary, row), MonetaryMinor(spec.monetary, row),
       score.m, EdgeSideOf(spec, Dimension::kMonetary), edges.monetary_minor}};

  Explanation explanation;
  explanation.subject = std::string(subject);
  explanation.outcome = std::string(rules->segments[score.segment].id);
  explanation.rule_id = std::string(rules->id);
  explanation.rule_version = rules->version;
  explanation.inputs = InputsOf(spec, row, score);
  for (const Reading& reading : readings) {
    AppendChecks(reading, score_count, explanation.checks);
    absl::StrAppend(&explanation.distance_to_next, explanation.distance_to_next.empty() ? "" : " ",
                    DescribeDistance(spec, reading));
  }
  explanation.next_outcome =
      DescribeNextOutcome(*rules, score_count, score, row.frequency, readings);
  return explanation;
}

}  // namespace clientele::segmentation
