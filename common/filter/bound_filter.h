#ifndef COMMON_FILTER_BOUND_FILTER_H_
#define COMMON_FILTER_BOUND_FILTER_H_

// A filter whose names and values have been checked against a field table: what the two back ends
// (common/filter/sql.h and common/filter/evaluate.h) work on.
//
// Thread safety: values and pure functions.

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/filter/field_set.h"
#include "common/filter/filter.h"

namespace clientele {

// One comparison with its value in the type that is stored.
struct BoundComparison {
  std::string field;
  std::string sql;  // from the field table
  FilterOperator op = FilterOperator::kEqual;
  FilterValue value;
  bool nullable = false;
};

// Every comparison must hold; without any, everything matches.
struct BoundFilter {
  std::vector<BoundComparison> comparisons;
};

// Checks every comparison of `filter` against `fields`. A STRING takes any value; INT64 a bare
// whole number; BOOL bare true or false; TIMESTAMP RFC 3339, bare or quoted; ENUM one of its names.
// INVALID_ARGUMENT (reason INVALID_FILTER) with every violation at once, each of `filter` and with
// its position; metadata `position` is the first one's. An unknown field names the nearest known.
absl::StatusOr<BoundFilter> BindFilter(const Filter& filter, const FieldSet& fields);

// ParseFilter and BindFilter in one: what a handler calls with the request's text.
absl::StatusOr<BoundFilter> ParseAndBindFilter(absl::string_view text, const FieldSet& fields);

}  // namespace clientele

#endif  // COMMON_FILTER_BOUND_FILTER_H_
