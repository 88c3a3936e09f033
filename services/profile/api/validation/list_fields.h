#ifndef SERVICES_PROFILE_API_VALIDATION_LIST_FIELDS_H_
#define SERVICES_PROFILE_API_VALIDATION_LIST_FIELDS_H_

// What lists can be filtered by.
//
// Thread safety: pure functions.

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/filter/bound_filter.h"

namespace clientele::profile {

// The filter of ListCustomers; without a comparison of state it leaves deleted customers out.
// INVALID_ARGUMENT INVALID_FILTER; FILTER_NOT_INDEXED for an attribute that has no readable column.
absl::StatusOr<BoundFilter> ReadCustomerFilter(absl::string_view text);

// The filter of ListPurchases. INVALID_ARGUMENT INVALID_FILTER.
absl::StatusOr<BoundFilter> ReadPurchaseFilter(absl::string_view text);

}  // namespace clientele::profile

#endif  // SERVICES_PROFILE_API_VALIDATION_LIST_FIELDS_H_
