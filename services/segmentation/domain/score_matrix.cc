#include "services/segmentation/domain/score_matrix.h"

#include "common/status/macros.h"

namespace clientele::segmentation {

std::vector<MatrixCell> FillMatrix(int score_count, const std::vector<MatrixCell>& found) {
  std::vector<MatrixCell> cells;
  for (int r = 1; r <= score_count; ++r) {
    for (int f = 1; f <= score_count; ++f) {
      cells.push_back({r, f, {}});
    }
  }
  const auto is_score = [score_count](int score) { return 1 <= score && score <= score_count; };
  for (const MatrixCell& cell : found) {
    CLIENTELE_CHECK(is_score(cell.recency_score) && is_score(cell.frequency_score));
    const int index = (cell.recency_score - 1) * score_count + cell.frequency_score - 1;
    cells[static_cast<size_t>(index)].total = cell.total;
  }
  return cells;
}

int64_t MeanMonetaryMinor(MonetaryBasis basis, const SegmentTotal& total) {
  const int64_t parts = basis == MonetaryBasis::kAverage ? total.orders : total.customers;
  if (parts == 0) {
    return 0;
  }
  const int64_t rest = total.revenue_minor % parts;
  return total.revenue_minor / parts + (rest >= parts - rest ? 1 : 0);
}

}  // namespace clientele::segmentation
