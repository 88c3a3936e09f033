#include "common/pagination/page_size.h"

#include <algorithm>

#include "common/status/macros.h"

namespace clientele {

int32_t ResolvePageSize(int32_t requested_count, PageSizeLimits limits, Violations& violations) {
  CLIENTELE_CHECK(limits.default_count > 0 && limits.default_count <= limits.max_count);
  if (requested_count < 0) {
    violations.Add("page_size", "must not be negative");
  }
  return requested_count <= 0 ? limits.default_count : std::min(requested_count, limits.max_count);
}

}  // namespace clientele
