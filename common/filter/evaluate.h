#ifndef COMMON_FILTER_EVALUATE_H_
#define COMMON_FILTER_EVALUATE_H_

// The in-memory back end of filters: gives the same answer as the SQL one, row by row.
//
// Thread safety: pure function.

#include <optional>

#include "absl/functional/function_ref.h"
#include "absl/strings/string_view.h"
#include "common/filter/bound_filter.h"

namespace clientele {

// Reads one field of the row at hand by the name in the field table; nullopt where it has no value
// (SQL: NULL). The type must be the field's.
using FieldReader = absl::FunctionRef<std::optional<FilterValue>(absl::string_view field)>;

// Whether the row behind `read` meets every comparison of `filter`. Text compares by bytes. A row
// without a value meets `!=` and nothing else. Stops at the first comparison that fails.
bool Matches(const BoundFilter& filter, FieldReader read);

}  // namespace clientele

#endif  // COMMON_FILTER_EVALUATE_H_
