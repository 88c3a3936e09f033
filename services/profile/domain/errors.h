#ifndef SERVICES_PROFILE_DOMAIN_ERRORS_H_
#define SERVICES_PROFILE_DOMAIN_ERRORS_H_

// Every error profile itself can answer, one named function each. The reasons are listed in
// proto/clientele/common/v1/error_reason.proto.

#include <cstdint>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "services/profile/domain/identifier.h"
#include "services/profile/domain/ids.h"
#include "services/profile/domain/purchase.h"

namespace clientele::profile {

absl::Status CustomerNotFound(const CustomerId& customer_id);
absl::Status CustomerAlreadyExists(const CustomerId& customer_id);
absl::Status CustomerIsDeleted(const CustomerId& customer_id);
absl::Status CustomerNotDeleted(const CustomerId& customer_id);

// Says the type only: the value is personal, and whose it is nobody's business.
absl::Status IdentifierTaken(IdentifierType type);

// An import means somebody else than the customer with this id, who goes by other ids in `system`.
absl::Status CustomerIdCollision(const CustomerId& customer_id, absl::string_view system);

absl::Status PurchaseNotFound(const CustomerId& customer_id, const PurchaseId& purchase_id);
absl::Status PurchaseConflict(absl::string_view source_system, absl::string_view order_number);

// The purchase's state allows no refund or no cancel.
absl::Status PurchaseStateForbids(const PurchaseId& purchase_id, PurchaseState state);

absl::Status PurchaseLineNotFound(const PurchaseId& purchase_id, int32_t line_number);

// More units of a line than are left.
absl::Status RefundExceedsLine(const PurchaseId& purchase_id, int32_t line_number,
                               int64_t left_quantity, int64_t requested_quantity);

// More money than is left of the purchase.
absl::Status RefundExceedsAmount(const PurchaseId& purchase_id, int64_t left_minor,
                                 int64_t requested_minor);

// One purchase has as many refunds as it can have.
absl::Status TooManyRefunds(const PurchaseId& purchase_id, int refunds_max);

absl::Status RefundConflict(const PurchaseId& purchase_id, absl::string_view refund_number);

// `expected_version` is what the caller's etag names.
absl::Status EtagMismatch(absl::string_view resource_type, absl::string_view resource_id,
                          int64_t expected_version, int64_t actual_version);

// Another transaction made what this one was about to make.
absl::Status ConcurrentChange();

}  // namespace clientele::profile

#endif  // SERVICES_PROFILE_DOMAIN_ERRORS_H_
