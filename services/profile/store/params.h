#ifndef SERVICES_PROFILE_STORE_PARAMS_H_
#define SERVICES_PROFILE_STORE_PARAMS_H_

// Domain values as parameters of statements. Internal to the store.

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "absl/time/time.h"
#include "absl/types/span.h"
#include "common/filter/bound_filter.h"
#include "common/sql/database.h"

namespace clientele::profile {

// Microseconds UTC, as every time is stored.
inline sql::Param TimeParam(absl::Time time) { return absl::ToUnixMicros(time); }

inline sql::Param OptionalTimeParam(const std::optional<absl::Time>& time) {
  return time.has_value() ? TimeParam(*time) : sql::Param(sql::kNull);
}

// Appends the values of a compiled filter to `params`; views into `values`.
inline void AppendFilterParams(absl::Span<const FilterValue> values,
                               std::vector<sql::Param>& params) {
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

}  // namespace clientele::profile

#endif  // SERVICES_PROFILE_STORE_PARAMS_H_
