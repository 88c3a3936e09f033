#ifndef COMMON_STATUS_VALUE_UNLESS_H_
#define COMMON_STATUS_VALUE_UNLESS_H_

// How a validator ends.

#include <utility>

#include "absl/status/statusor.h"
#include "common/status/error.h"

namespace clientele {

// The violations as INVALID_ARGUMENT, or the value when there are none. Pure function.
template <typename Value>
absl::StatusOr<Value> ValueUnless(const Violations& violations, Value value) {
  if (!violations.empty()) {
    return violations.ToStatus();
  }
  return value;
}

}  // namespace clientele

#endif  // COMMON_STATUS_VALUE_UNLESS_H_
