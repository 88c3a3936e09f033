#ifndef COMMON_FILTER_ERRORS_H_
#define COMMON_FILTER_ERRORS_H_

// The one error of filters. Thread safety: pure functions.

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace clientele {

// Something wrong at one place of a filter. `what` never repeats a value: it may be personal.
struct FilterMistake {
  int64_t position;  // in characters, from 1
  std::string what;  // reads on after "at character 7: "
};

// INVALID_ARGUMENT with reason INVALID_FILTER, a violation of `filter` for each mistake, and the
// position of the first one as metadata `position`. `mistakes` must not be empty.
absl::Status InvalidFilter(const std::vector<FilterMistake>& mistakes);

// The same for a single mistake.
absl::Status InvalidFilter(int64_t position, absl::string_view what);

}  // namespace clientele

#endif  // COMMON_FILTER_ERRORS_H_
