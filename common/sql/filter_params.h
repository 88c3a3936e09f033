#ifndef COMMON_SQL_FILTER_PARAMS_H_
#define COMMON_SQL_FILTER_PARAMS_H_

// The values of a compiled filter as parameters.

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "common/filter/bound_filter.h"
#include "common/sql/database.h"

namespace clientele::sql {

// Appends `values` (SqlCondition::values) to `params`, truth values as 0 and 1; texts are views
// into `values`.
inline void AppendFilterParams(absl::Span<const FilterValue> values, std::vector<Param>& params) {
  for (const FilterValue& value : values) {
    if (const auto* text = std::get_if<std::string>(&value)) {
      params.emplace_back(absl::string_view(*text));
    } else if (const auto* number = std::get_if<int64_t>(&value)) {
      params.emplace_back(*number);
    } else {
      params.emplace_back(int64_t{std::get<bool>(value) ? 1 : 0});
    }
  }
}

}  // namespace clientele::sql

#endif  // COMMON_SQL_FILTER_PARAMS_H_
