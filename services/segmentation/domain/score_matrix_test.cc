#include "services/segmentation/domain/score_matrix.h"

#include <limits>

#include "gtest/gtest.h"

namespace clientele::segmentation {
namespace {

TEST(ScoreMatrixTest, HasEveryCellByRecencyThenFrequency) {
  const std::vector<MatrixCell> cells = FillMatrix(3, {{3, 1, {7, 8, 900}}, {1, 2, {1, 2, 3}}});
  ASSERT_EQ(cells.size(), 9u);
  for (int i = 0; i < 9; ++i) {
    EXPECT_EQ(cells[i].recency_score, i / 3 + 1);
    EXPECT_EQ(cells[i].frequency_score, i % 3 + 1);
    EXPECT_EQ(cells[i].total.customers, i == 6 ? 7 : i == 1 ? 1 : 0);
  }
  EXPECT_EQ(cells[6].total.orders, 8);
  EXPECT_EQ(cells[6].total.revenue_minor, 900);
}

TEST(ScoreMatrixTest, MeanIsPerCustomerOrForAveragesPerOrderRoundedHalfUp) {
  EXPECT_EQ(MeanMonetaryMinor(MonetaryBasis::kGross, {4, 9, 10}), 3);
  EXPECT_EQ(MeanMonetaryMinor(MonetaryBasis::kNet, {3, 9, 10}), 3);
  EXPECT_EQ(MeanMonetaryMinor(MonetaryBasis::kAverage, {1, 4, 9}), 2);
  EXPECT_EQ(MeanMonetaryMinor(MonetaryBasis::kGross, {0, 0, 0}), 0);
  constexpr int64_t kMax = std::numeric_limits<int64_t>::max();
  EXPECT_EQ(MeanMonetaryMinor(MonetaryBasis::kGross, {1, 1, kMax}), kMax);
}

}  // namespace
}  // namespace clientele::segmentation
