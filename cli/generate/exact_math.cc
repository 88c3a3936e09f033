#include "cli/generate/exact_math.h"

#include <cmath>

namespace clientele::cli {
namespace {

constexpr double kLn2 = 0.69314718055994530942;
constexpr double kHalfSqrt2 = 0.70710678118654752440;

// Where the series end: the first term left out is below 1e-19 of the sum.
constexpr int kLogTerms = 12;
constexpr int kExpTerms = 15;

constexpr double kExpMin = -700;

}  // namespace

double Log(double x) {
  // x = m * 2^e with m in [sqrt(1/2), sqrt(2)), then log m = 2 atanh((m - 1) / (m + 1)).
  int e = 0;
  double m = std::frexp(x, &e);
  if (m < kHalfSqrt2) {
    m *= 2;
    --e;
  }
  const double z = (m - 1) / (m + 1);
  const double z2 = z * z;
  double sum = 0;
  for (int k = kLogTerms; k >= 0; --k) {
    sum = sum * z2 + 1.0 / (2 * k + 1);
  }
  return 2 * z * sum + e * kLn2;
}

double Exp(double x) {
  if (x < kExpMin) return 0;
  // x = n ln 2 + r with |r| <= ln 2 / 2, then the Taylor series of e^r.
  const double n = std::floor(x / kLn2 + 0.5);
  const double r = x - n * kLn2;
  double sum = 1;
  for (int k = kExpTerms; k >= 1; --k) {
    sum = 1 + r / k * sum;
  }
  return std::ldexp(sum, static_cast<int>(n));
}

}  // namespace clientele::cli
