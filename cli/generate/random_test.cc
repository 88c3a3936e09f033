#include "cli/generate/random.h"

#include <cmath>
#include <functional>
#include <vector>

#include "gtest/gtest.h"

namespace clientele::cli {
namespace {

constexpr int kDraws = 200'000;

struct Moments {
  double mean = 0;
  double variance = 0;
};

Moments Measure(const std::function<double()>& draw) {
  double sum = 0, squares = 0;
  for (int i = 0; i < kDraws; ++i) {
    const double x = draw();
    sum += x;
    squares += x * x;
  }
  const double mean = sum / kDraws;
  return {mean, squares / kDraws - mean * mean};
}

// Four standard errors of a mean of kDraws numbers of this variance.
double MeanBound(double variance) { return 4 * std::sqrt(variance / kDraws); }

TEST(Random, TheSameSeedAndStreamGiveTheSameNumbers) {
  Random a(7, 3), b(7, 3), other_stream(7, 4), other_seed(8, 3);
  const uint64_t first = a.Bits();
  EXPECT_EQ(first, b.Bits());
  EXPECT_NE(first, other_stream.Bits());
  EXPECT_NE(first, other_seed.Bits());
}

// Pins the bits themselves: a change of the algorithm changes every generated file.
TEST(Random, NumbersAreTheSameOnEveryMachine) {
  Random random(1, 1);
  EXPECT_EQ(random.Bits(), 2988058551297941518u);
  EXPECT_EQ(random.Bits(), 17921401709979215673u);
  EXPECT_EQ(random.Below(1'000), 649u);
  EXPECT_DOUBLE_EQ(random.Uniform(), 0.99919088274091661);
  EXPECT_DOUBLE_EQ(random.Normal(), -0.60718787567637189);
  EXPECT_DOUBLE_EQ(random.Gamma(0.6), 0.58772707226124798);
}

TEST(Random, UniformHasMeanAHalfAndVarianceATwelfth) {
  Random random(1, 0);
  const Moments moments = Measure([&] { return random.Uniform(); });
  EXPECT_NEAR(moments.mean, 0.5, MeanBound(1.0 / 12));
  EXPECT_NEAR(moments.variance, 1.0 / 12, 0.001);
}

TEST(Random, BelowGivesEachValueEquallyOften) {
  Random random(2, 0);
  std::vector<int> counts(7);
  for (int i = 0; i < kDraws; ++i) {
    ++counts[random.Below(7)];
  }
  for (const int count : counts) {
    EXPECT_NEAR(count / double{kDraws}, 1.0 / 7, MeanBound(6.0 / 49));
  }
}

TEST(Random, ExponentialAndNormalHaveTheirMoments) {
  Random random(3, 0);
  const Moments exponential = Measure([&] { return random.Exponential(); });
  EXPECT_NEAR(exponential.mean, 1, MeanBound(1));
  EXPECT_NEAR(exponential.variance, 1, 0.04);
  const Moments normal = Measure([&] { return random.Normal(); });
  EXPECT_NEAR(normal.mean, 0, MeanBound(1));
  EXPECT_NEAR(normal.variance, 1, 0.02);
}

TEST(Random, GammaHasMeanAndVarianceOfItsShape) {
  for (const double shape : {0.3, 0.6, 1.0, 3.0, 40.0}) {
    Random random(4, 0);
    const Moments moments = Measure([&] { return random.Gamma(shape); });
    EXPECT_NEAR(moments.mean, shape, MeanBound(shape)) << shape;
    EXPECT_NEAR(moments.variance / shape, 1, 0.06) << shape;
  }
}

}  // namespace
}  // namespace clientele::cli
