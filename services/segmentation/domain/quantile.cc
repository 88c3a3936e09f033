#include "services/segmentation/domain/quantile.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "common/status/macros.h"

namespace clientele::segmentation {
namespace {

template <typename T>
std::vector<double> SelectInnerQuantiles(std::vector<T> values, int bins) {
  CLIENTELE_CHECK(!values.empty() && bins >= 1);
  std::vector<double> quantiles;
  auto begin = values.begin();  // everything before it is sorted away
  for (int i = 1; i < bins; ++i) {
    const uint64_t scaled = static_cast<uint64_t>(values.size() - 1) * i;
    const auto lower = values.begin() + static_cast<ptrdiff_t>(scaled / bins);
    const uint64_t remainder = scaled % bins;
    std::nth_element(begin, lower, values.end());
    begin = lower;
    double quantile = static_cast<double>(*lower);
    if (remainder > 0) {
      const double upper = static_cast<double>(*std::min_element(lower + 1, values.end()));
      quantile += (upper - quantile) * static_cast<double>(remainder) / bins;
    }
    quantiles.push_back(quantile);
  }
  return quantiles;
}

// Neumaier's sum in long double: its error is far below half a unit of the rounded result.
template <typename T>
double CompensatedMean(const std::vector<T>& values) {
  CLIENTELE_CHECK(!values.empty());
  long double sum = 0;
  long double lost = 0;
  for (const T value : values) {
    const long double term = static_cast<long double>(value);
    const long double next = sum + term;
    lost += std::abs(sum) >= std::abs(term) ? (sum - next) + term : (term - next) + sum;
    sum = next;
  }
  return static_cast<double>((sum + lost) / static_cast<long double>(values.size()));
}

}  // namespace

std::vector<double> InnerQuantiles(std::vector<int32_t> values, int bins) {
  return SelectInnerQuantiles(std::move(values), bins);
}
std::vector<double> InnerQuantiles(std::vector<int64_t> values, int bins) {
  return SelectInnerQuantiles(std::move(values), bins);
}
std::vector<double> InnerQuantiles(std::vector<double> values, int bins) {
  return SelectInnerQuantiles(std::move(values), bins);
}

double Mean(const std::vector<int32_t>& values) { return CompensatedMean(values); }
double Mean(const std::vector<int64_t>& values) { return CompensatedMean(values); }
double Mean(const std::vector<double>& values) { return CompensatedMean(values); }

}  // namespace clientele::segmentation
