#include "common/filter/evaluate.h"

#include <algorithm>

#include "common/status/macros.h"

namespace clientele {
namespace {

bool Holds(const FilterValue& left, FilterOperator op, const FilterValue& right) {
  CLIENTELE_CHECK(left.index() == right.index());
  switch (op) {
    case FilterOperator::kEqual:
      return left == right;
    case FilterOperator::kNotEqual:
      return left != right;
    case FilterOperator::kLess:
      return left < right;
    case FilterOperator::kLessEqual:
      return left <= right;
    case FilterOperator::kGreater:
      return left > right;
    case FilterOperator::kGreaterEqual:
      return left >= right;
  }
  CLIENTELE_CHECK(false && "an operator out of its enum");
  return false;
}

}  // namespace

bool Matches(const BoundFilter& filter, FieldReader read) {
  return std::all_of(filter.comparisons.begin(), filter.comparisons.end(),
                     [&read](const BoundComparison& comparison) {
                       const std::optional<FilterValue> value = read(comparison.field);
                       return value.has_value() ? Holds(*value, comparison.op, comparison.value)
                                                : comparison.op == FilterOperator::kNotEqual;
                     });
}

}  // namespace clientele
