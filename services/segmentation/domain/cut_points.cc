#include "services/segmentation/domain/cut_points.h"

#include <algorithm>
#include <utility>

#include "services/segmentation/domain/errors.h"
#include "services/segmentation/domain/quantile.h"

namespace clientele::segmentation {
namespace {

template <typename T>
double CentreOf(SplitCentre centre, const std::vector<T>& values) {
  return centre == SplitCentre::kMean ? Mean(values) : InnerQuantiles(values, 2).front();
}

// Smallest score above the centre of the scores; k + 1 when no score is.
int FirstScoreAboveCentre(SplitCentre centre, const std::vector<int32_t>& scores) {
  return static_cast<int>(CentreOf(centre, scores)) + 1;
}

// A score is a step function of its value, so "score above the centre" is one edge in raw values.
template <typename T>
double ScoreSplitEdge(const RfmModelSpec& spec, Dimension dimension, const std::vector<T>& values) {
  const std::vector<double> edges = InnerQuantiles(values, spec.bins);
  const EdgeSide side = EdgeSideOf(spec, dimension);
  std::vector<int32_t> scores(values.size());
  std::transform(values.begin(), values.end(), scores.begin(), [&](T value) {
    return ScoreFromEdgeCount(dimension, spec.bins,
                              CountEdgesBelow(edges, side, static_cast<double>(value)));
  });
  const int better = FirstScoreAboveCentre(spec.split_centre, scores);
  const bool recency = dimension == Dimension::kRecency;
  if (better > spec.bins) {  // everybody has the best score, so nobody is better than the centre
    const auto [least, most] = std::minmax_element(values.begin(), values.end());
    return recency ? static_cast<double>(*least) - 1 : static_cast<double>(*most) + 1;
  }
  return recency ? edges[spec.bins - better] : edges[better - 2];
}

template <typename T>
std::vector<double> EdgesOf(const RfmModelSpec& spec, Dimension dimension,
                            const std::vector<T>& values) {
  switch (spec.method) {
    case RfmMethod::kQuantile:
      return InnerQuantiles(values, spec.bins);
    case RfmMethod::kRRfm: {
      // The package adds one to the quantile in the unit of its input: days, orders, major units.
      const double step = dimension == Dimension::kMonetary ? spec.minor_units_per_major : 1;
      std::vector<double> edges = InnerQuantiles(values, spec.bins);
      std::transform(edges.begin(), edges.end(), edges.begin(),
                     [step](double edge) { return edge + step; });
      return edges;
    }
    case RfmMethod::kMeanSplit:
      return {spec.split_basis == SplitBasis::kRaw ? CentreOf(spec.split_centre, values)
                                                   : ScoreSplitEdge(spec, dimension, values)};
    case RfmMethod::kFixed:
      break;
  }
  return spec.fixed_edges.Of(dimension);
}

std::vector<double> MonetaryEdges(const RfmModelSpec& spec, const RfmColumns& columns) {
  if (spec.monetary != MonetaryBasis::kAverage) {
    return EdgesOf(spec, Dimension::kMonetary, columns.revenue_minor);
  }
  std::vector<double> averages(columns.size());
  for (size_t i = 0; i < averages.size(); ++i) {
    averages[i] = MonetaryValue(spec.monetary, columns.At(i));
  }
  return EdgesOf(spec, Dimension::kMonetary, averages);
}

}  // namespace

absl::StatusOr<CutPoints> ComputeCutPoints(const RfmModelSpec& spec, const RfmColumns& columns) {
  if (columns.size() == 0) {
    return NoBuyers(spec.gates.buyers_min);
  }
  return CutPoints{{EdgesOf(spec, Dimension::kRecency, columns.recency_days),
                    EdgesOf(spec, Dimension::kFrequency, columns.frequency),
                    MonetaryEdges(spec, columns)}};
}

EdgeSide EdgeSideOf(const RfmModelSpec& spec, Dimension dimension) {
  if (spec.method == RfmMethod::kRRfm) {
    return EdgeSide::kAbove;
  }
  if (spec.method == RfmMethod::kMeanSplit && spec.split_basis == SplitBasis::kRaw) {
    return dimension == Dimension::kRecency ? EdgeSide::kAbove : EdgeSide::kBelow;
  }
  return spec.tie_policy == TiePolicy::kHigh ? EdgeSide::kAbove : EdgeSide::kBelow;
}

EdgeSide OtherSide(EdgeSide side) {
  return side == EdgeSide::kBelow ? EdgeSide::kAbove : EdgeSide::kBelow;
}

int CountEdgesBelow(const std::vector<double>& edges, EdgeSide side, double value) {
  const auto end = side == EdgeSide::kBelow ? std::lower_bound(edges.begin(), edges.end(), value)
                                            : std::upper_bound(edges.begin(), edges.end(), value);
  return static_cast<int>(end - edges.begin());
}

uint8_t ScoreFromEdgeCount(Dimension dimension, int score_count, int edges_below) {
  return static_cast<uint8_t>(dimension == Dimension::kRecency ? score_count - edges_below
                                                               : 1 + edges_below);
}

}  // namespace clientele::segmentation
