#ifndef SERVICES_SEGMENTATION_DOMAIN_QUANTILE_H_
#define SERVICES_SEGMENTATION_DOMAIN_QUANTILE_H_

// Exact type-7 quantiles by selection, and an exact mean. Pure functions.

#include <cstdint>
#include <vector>

namespace clientele::segmentation {

// The `bins` - 1 inner type-7 quantiles at i / bins, ascending. Linear time: each is selected from
// what the previous one left. Integers interpolate as (upper - lower) * remainder / bins, so a
// quantile that is a whole number comes out whole (R's own (1 - h) * lower + h * upper may not).
// `values` must not be empty and is taken by value because selection reorders it.
std::vector<double> InnerQuantiles(std::vector<int32_t> values, int bins);
std::vector<double> InnerQuantiles(std::vector<int64_t> values, int bins);
std::vector<double> InnerQuantiles(std::vector<double> values, int bins);

// Arithmetic mean, summed with compensation so that the mean of equal values is that value, and the
// order of the values does not show in the result. `values` must not be empty.
double Mean(const std::vector<int32_t>& values);
double Mean(const std::vector<int64_t>& values);
double Mean(const std::vector<double>& values);

}  // namespace clientele::segmentation

#endif  // SERVICES_SEGMENTATION_DOMAIN_QUANTILE_H_
