#ifndef SERVICES_PROFILE_API_CONVERTERS_ITEM_STATUS_H_
#define SERVICES_PROFILE_API_CONVERTERS_ITEM_STATUS_H_

// Why one item of many was refused, small enough that a thousand refusals fit into one answer.
//
// Thread safety: pure functions.

#include "absl/status/status.h"
#include "common/status/error.h"

namespace clientele::profile {

// The violations of an item, the first kItemViolationsMax of them and the number of the others.
absl::Status ToItemStatus(const Violations& violations);

}  // namespace clientele::profile

#endif  // SERVICES_PROFILE_API_CONVERTERS_ITEM_STATUS_H_
