#ifndef SERVICES_SEGMENTATION_DOMAIN_CUT_POINTS_H_
#define SERVICES_SEGMENTATION_DOMAIN_CUT_POINTS_H_

// Cut points: where a run divides its customers, and the rule that turns a value into a score.
//
// Pure functions of their arguments.

#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "services/segmentation/domain/order_counting.h"
#include "services/segmentation/domain/rfm_model.h"

namespace clientele::segmentation {

// k - 1 ascending edges per dimension (k = ScoreCount(spec)), unrounded; part of a run's snapshot.
// With MEAN_SPLIT the one edge is the centre; on the basis SCORE it is the raw value that parts the
// scores above the centre from the rest. R_RFM's monetary edges include its + 1 (a major unit).
struct CutPoints {
  DimensionEdges edges;
};

// Cut points of `spec` on the customers of a run; FIXED copies the model's own edges.
// Errors: INSUFFICIENT_DATA (FAILED_PRECONDITION) when there is no customer.
// Cost: O(customers x k), about 0.1 s for a million.
absl::StatusOr<CutPoints> ComputeCutPoints(const RfmModelSpec& spec, const RfmColumns& columns);

// Where a value on an edge goes.
enum class EdgeSide {
  kBelow,  // counts the edges < value
  kAbove,  // counts the edges <= value
};

// The side that `spec` means: its tie policy, or what R_RFM and MEAN_SPLIT define themselves
// (exactly at a raw centre = not better).
EdgeSide EdgeSideOf(const RfmModelSpec& spec, Dimension dimension);

EdgeSide OtherSide(EdgeSide side);

// How many of `edges` lie below `value`: 0..edges.size().
int CountEdgesBelow(const std::vector<double>& edges, EdgeSide side, double value);

// F and M: 1 + edges below. R: k - edges below, since fewer days are better.
uint8_t ScoreFromEdgeCount(Dimension dimension, int score_count, int edges_below);

}  // namespace clientele::segmentation

#endif  // SERVICES_SEGMENTATION_DOMAIN_CUT_POINTS_H_
