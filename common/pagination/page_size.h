#ifndef COMMON_PAGINATION_PAGE_SIZE_H_
#define COMMON_PAGINATION_PAGE_SIZE_H_

// The one rule for `page_size` in every list request.
//
// Thread safety: pure functions.

#include <cstdint>

#include "common/status/error.h"

namespace clientele {

// What one list method allows; 0 < default_count <= max_count.
struct PageSizeLimits {
  int32_t default_count;
  int32_t max_count;
};

// How many rows a page gets: the default for 0, `max_count` when more is asked for. A negative
// `requested_count` is a violation of `page_size`, answered with the default.
int32_t ResolvePageSize(int32_t requested_count, PageSizeLimits limits, Violations& violations);

}  // namespace clientele

#endif  // COMMON_PAGINATION_PAGE_SIZE_H_
