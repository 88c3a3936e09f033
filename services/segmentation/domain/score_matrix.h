#ifndef SERVICES_SEGMENTATION_DOMAIN_SCORE_MATRIX_H_
#define SERVICES_SEGMENTATION_DOMAIN_SCORE_MATRIX_H_

// The R x F matrix of a run. Pure functions and values.

#include <cstdint>
#include <vector>

#include "services/segmentation/domain/rfm_model.h"
#include "services/segmentation/domain/scoring.h"

namespace clientele::segmentation {

// One cell, scores from 1.
struct MatrixCell {
  int recency_score = 0;
  int frequency_score = 0;
  SegmentTotal total;
};

// All score_count x score_count cells by recency, then frequency, with the totals of `found` (each
// cell at most once, scores 1..score_count: CHECK) and zeros elsewhere.
std::vector<MatrixCell> FillMatrix(int score_count, const std::vector<MatrixCell>& found);

// Minor units, rounded half up: revenue per customer, with kAverage per order; 0 of an empty cell.
int64_t MeanMonetaryMinor(MonetaryBasis basis, const SegmentTotal& total);

}  // namespace clientele::segmentation

#endif  // SERVICES_SEGMENTATION_DOMAIN_SCORE_MATRIX_H_
