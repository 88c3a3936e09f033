#include "services/segmentation/domain/quantile.h"

#include <algorithm>
#include <random>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace clientele::segmentation {
namespace {

using ::testing::DoubleEq;
using ::testing::ElementsAre;
using ::testing::Pointwise;

// Type 7 as a textbook states it, on a sorted copy.
std::vector<double> NaiveInnerQuantiles(std::vector<int64_t> values, int bins) {
  std::sort(values.begin(), values.end());
  std::vector<double> quantiles;
  for (int i = 1; i < bins; ++i) {
    const double position = static_cast<double>(values.size() - 1) * i / bins;
    const size_t lower = static_cast<size_t>(position);
    const size_t upper = std::min(lower + 1, values.size() - 1);
    quantiles.push_back(static_cast<double>(values[lower]) +
                        (position - static_cast<double>(lower)) *
                            static_cast<double>(values[upper] - values[lower]));
  }
  return quantiles;
}

TEST(QuantileTest, InterpolatesAsTypeSeven) {
  EXPECT_THAT(InnerQuantiles(std::vector<int32_t>{10, 0, 20, 30}, 2), ElementsAre(15));
  EXPECT_THAT(InnerQuantiles(std::vector<int32_t>{4, 1, 3, 2, 5, 6}, 5), ElementsAre(2, 3, 4, 5));
  EXPECT_THAT(InnerQuantiles(std::vector<double>{1, 2}, 4), ElementsAre(1.25, 1.5, 1.75));
}

TEST(QuantileTest, OneValueIsEveryQuantile) {
  EXPECT_THAT(InnerQuantiles(std::vector<int64_t>{7}, 5), ElementsAre(7, 7, 7, 7));
}

TEST(QuantileTest, WholeQuantilesComeOutWhole) {
  // 296 + 0.4 x 5: a floating weight of 0.4 may miss 298.
  EXPECT_THAT(InnerQuantiles(std::vector<int32_t>{296, 301}, 5), ElementsAre(297, 298, 299, 300));
}

TEST(QuantileTest, AgreesWithTheNaiveDefinition) {
  std::mt19937 random(7);
  for (int round = 0; round < 500; ++round) {
    const int bins = std::uniform_int_distribution<int>(2, 10)(random);
    const int64_t spread = round % 3 == 0 ? 3 : 1000000;
    std::vector<int64_t> values(std::uniform_int_distribution<size_t>(1, 60)(random));
    for (int64_t& value : values) {
      value = std::uniform_int_distribution<int64_t>(-spread, spread)(random);
    }
    EXPECT_THAT(InnerQuantiles(values, bins),
                Pointwise(::testing::DoubleNear(1e-6), NaiveInnerQuantiles(values, bins)));
  }
}

TEST(QuantileTest, MeanOfEqualValuesIsThatValue) {
  EXPECT_EQ(Mean(std::vector<double>(999983, 10.0 / 3)), 10.0 / 3);
  EXPECT_EQ(Mean(std::vector<int32_t>{1, 2, 4}), 7.0 / 3);
  EXPECT_THAT(Mean(std::vector<int64_t>{4000000000000000000, 4000000000000000000}), DoubleEq(4e18));
}

}  // namespace
}  // namespace clientele::segmentation
