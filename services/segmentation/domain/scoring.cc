#include "services/segmentation/domain/scoring.h"

#include <algorithm>
#include <array>

#include "absl/strings/str_cat.h"
#include "common/status/macros.h"

namespace clientele::segmentation {
namespace {

// Customers scored at a time, so that the scores of both tie policies stay in the first-level
// cache.
constexpr size_t kBlockRows = 2048;

struct Block {
  std::array<uint8_t, kBlockRows> r;
  std::array<uint8_t, kBlockRows> f;
  std::array<uint8_t, kBlockRows> m;
};

// One tie policy: cut points and the side on which each dimension counts a value on an edge.
class Ruler {
 public:
  Ruler(int score_count, const CutPoints& cut_points, std::array<EdgeSide, 3> sides)
      : score_count_(score_count), cut_points_(cut_points), sides_(sides) {}

  uint8_t ScoreOf(Dimension dimension, double value) const {
    const int below = CountEdgesBelow(cut_points_.edges.Of(dimension), SideOf(dimension), value);
    return ScoreFromEdgeCount(dimension, score_count_, below);
  }

  void ScoreBlock(const RfmColumns& columns, const double* monetary, size_t begin, size_t rows,
                  Block& block) const {
    ScoreValues(Dimension::kRecency, columns.recency_days.data() + begin, rows, block.r.data());
    ScoreValues(Dimension::kFrequency, columns.frequency.data() + begin, rows, block.f.data());
    ScoreValues(Dimension::kMonetary, monetary, rows, block.m.data());
  }

 private:
  EdgeSide SideOf(Dimension dimension) const { return sides_[static_cast<size_t>(dimension)]; }

  // Edge by edge over the block instead of value by value: the inner loop has no branch.
  template <typename T>
  void ScoreValues(Dimension dimension, const T* values, size_t rows, uint8_t* scores) const {
    const bool recency = dimension == Dimension::kRecency;
    const int step = recency ? -1 : 1;
    std::fill_n(scores, rows, static_cast<uint8_t>(recency ? score_count_ : 1));
    const bool at_edge = SideOf(dimension) == EdgeSide::kAbove;
    for (const double edge : cut_points_.edges.Of(dimension)) {
      for (size_t i = 0; i < rows; ++i) {
        const double value = static_cast<double>(values[i]);
        const int below = at_edge ? edge <= value : edge < value;
        scores[i] = static_cast<uint8_t>(scores[i] + step * below);
      }
    }
  }

  int score_count_;
  const CutPoints& cut_points_;
  std::array<EdgeSide, 3> sides_;
};

std::array<EdgeSide, 3> SidesOf(const RfmModelSpec& spec) {
  return {EdgeSideOf(spec, Dimension::kRecency), EdgeSideOf(spec, Dimension::kFrequency),
          EdgeSideOf(spec, Dimension::kMonetary)};
}

std::array<EdgeSide, 3> OtherSidesOf(const RfmModelSpec& spec) {
  std::array<EdgeSide, 3> sides = SidesOf(spec);
  std::transform(sides.begin(), sides.end(), sides.begin(), OtherSide);
  return sides;
}

// Cut points under the other tie policy. Only a split on scores reads ties to make its edges.
CutPoints OtherCutPoints(const RfmModelSpec& spec, const CutPoints& cut_points,
                         const RfmColumns& columns) {
  if (spec.method != RfmMethod::kMeanSplit || spec.split_basis != SplitBasis::kScore) {
    return cut_points;
  }
  RfmModelSpec other = spec;
  other.tie_policy = spec.tie_policy == TiePolicy::kLow ? TiePolicy::kHigh : TiePolicy::kLow;
  return ComputeCutPoints(other, columns).value_or(cut_points);
}

void SizeFor(size_t customers, size_t segments, int score_count, RunScores& scores) {
  scores.r.resize(customers);
  scores.f.resize(customers);
  scores.m.resize(customers);
  scores.segment.resize(customers);
  scores.totals.resize(segments);
  scores.matrix.resize(static_cast<size_t>(score_count) * score_count);
}

void Tally(const RfmRow& row, const Score& score, int score_count, RunScores& scores) {
  SegmentTotal& total = scores.totals[score.segment];
  ++total.customers;
  total.orders += row.frequency;
  total.revenue_minor = AddClamped(total.revenue_minor, row.revenue_minor);
  ++scores.matrix[static_cast<size_t>((score.r - 1) * score_count + score.f - 1)];
}

}  // namespace

std::string CellName(int score_count, const Score& score) {
  const absl::string_view separator = score_count > 9 ? "." : "";
  return absl::StrCat(score.r, separator, score.f, separator, score.m);
}

RunScores ScoreAll(const RfmModelSpec& spec, const CutPoints& cut_points,
                   const RfmColumns& columns) {
  const RuleSet& rules = RulesOf(spec);
  const SegmentTable table(rules);
  const int score_count = ScoreCount(spec);
  const CutPoints other_cut_points = OtherCutPoints(spec, cut_points, columns);
  const Ruler ruler(score_count, cut_points, SidesOf(spec));
  const Ruler other_ruler(score_count, other_cut_points, OtherSidesOf(spec));

  RunScores scores;
  SizeFor(columns.size(), rules.segments.size(), score_count, scores);
  int64_t changed = 0;
  Block block;
  Block other;
  std::array<double, kBlockRows> monetary;
  for (size_t begin = 0; begin < columns.size(); begin += kBlockRows) {
    const size_t rows = std::min(kBlockRows, columns.size() - begin);
    for (size_t i = 0; i < rows; ++i) {
      monetary[i] = MonetaryValue(spec.monetary, columns.At(begin + i));
    }
    ruler.ScoreBlock(columns, monetary.data(), begin, rows, block);
    other_ruler.ScoreBlock(columns, monetary.data(), begin, rows, other);
    std::copy_n(block.r.begin(), rows, scores.r.begin() + begin);
    std::copy_n(block.f.begin(), rows, scores.f.begin() + begin);
    std::copy_n(block.m.begin(), rows, scores.m.begin() + begin);
    for (size_t i = 0; i < rows; ++i) {
      const RfmRow row = columns.At(begin + i);
      const SegmentIndex segment =
          table.Find(Cell{block.r[i], block.f[i], block.m[i], row.frequency});
      scores.segment[begin + i] = segment;
      changed += table.Find(Cell{other.r[i], other.f[i], other.m[i], row.frequency}) != segment;
      Tally(row, scores.At(begin + i), score_count, scores);
    }
  }
  if (columns.size() > 0) {
    scores.tie_sensitivity = static_cast<double>(changed) / static_cast<double>(columns.size());
  }
  return scores;
}

Score ScoreOne(const RfmModelSpec& spec, const CutPoints& cut_points, const RfmRow& row) {
  const Ruler ruler(ScoreCount(spec), cut_points, SidesOf(spec));
  Score score;
  score.r = ruler.ScoreOf(Dimension::kRecency, row.recency_days);
  score.f = ruler.ScoreOf(Dimension::kFrequency, row.frequency);
  score.m = ruler.ScoreOf(Dimension::kMonetary, MonetaryValue(spec.monetary, row));
  score.segment = MatchSegment(RulesOf(spec), Cell{score.r, score.f, score.m, row.frequency});
  return score;
}

std::optional<SegmentIndex> SegmentWithoutScore(const RuleSet& rules, Exclusion exclusion) {
  CLIENTELE_CHECK(exclusion != Exclusion::kNone);
  if (exclusion == Exclusion::kDeleted) {
    return std::nullopt;
  }
  return exclusion == Exclusion::kOutOfWindow ? rules.out_of_window : rules.without_order;
}

void AddUnscored(const RuleSet& rules, const Population& population, RunScores& scores) {
  for (size_t i = 1; i < kExclusionCount; ++i) {
    const Exclusion exclusion = static_cast<Exclusion>(i);
    if (const auto segment = SegmentWithoutScore(rules, exclusion)) {
      scores.totals[*segment].customers += population.Excluded(exclusion);
    }
  }
}

}  // namespace clientele::segmentation
