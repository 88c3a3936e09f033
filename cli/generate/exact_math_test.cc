#include "cli/generate/exact_math.h"

#include <cmath>

#include "gtest/gtest.h"

namespace clientele::cli {
namespace {

TEST(ExactMath, LogAgreesWithTheLibraryToTheLastDigits) {
  for (double x = 1e-300; x < 1e300; x *= 1.37) {
    EXPECT_NEAR(Log(x), std::log(x), 1e-15 * (1 + std::fabs(std::log(x)))) << x;
  }
  EXPECT_EQ(Log(1), 0);
}

TEST(ExactMath, ExpAgreesWithTheLibraryToTheLastDigits) {
  for (double x = -700; x <= 700; x += 0.613) {
    EXPECT_NEAR(Exp(x) / std::exp(x), 1, 1e-13) << x;
  }
  EXPECT_EQ(Exp(0), 1);
  EXPECT_EQ(Exp(-1e9), 0);
}

}  // namespace
}  // namespace clientele::cli
