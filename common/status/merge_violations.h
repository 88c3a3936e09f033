#ifndef COMMON_STATUS_MERGE_VIOLATIONS_H_
#define COMMON_STATUS_MERGE_VIOLATIONS_H_

// Joins what several validators found, so that a caller is told everything at once.

#include <initializer_list>

#include "absl/status/status.h"
#include "common/status/error.h"

namespace clientele {

// OK when nothing was found. What is the only finding keeps its own reason (INVALID_PAGE_TOKEN,
// INVALID_FILTER ...); with several it is INVALID_ARGUMENT with the violations of all, those of
// `own` first. One of `others` that is no named error is answered as it is. Pure function.
absl::Status MergeViolations(const Violations& own, std::initializer_list<absl::Status> others);

}  // namespace clientele

#endif  // COMMON_STATUS_MERGE_VIOLATIONS_H_
