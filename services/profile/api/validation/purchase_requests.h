#ifndef SERVICES_PROFILE_API_VALIDATION_PURCHASE_REQUESTS_H_
#define SERVICES_PROFILE_API_VALIDATION_PURCHASE_REQUESTS_H_

// Reads purchases, and the requests that give them back or cancel them.
//
// Every violation is listed; `rule` is the method's, `now` is the business time. Thread safety:
// pure functions.

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "clientele/common/v1/rpc_policy.pb.h"
#include "clientele/profile/v1/purchase_service.pb.h"
#include "common/status/error.h"
#include "services/profile/api/validation/customer_requests.h"
#include "services/profile/api/validation/field_path.h"
#include "services/profile/domain/purchase.h"
#include "services/profile/domain/refund_plan.h"

namespace clientele::profile {

// One purchase with totals and content hash; nullopt when anything was wrong, which is then in
// `violations`. `source_system` is that of the import the purchase came with: the purchase's own
// must be the same or empty; "" when it must have its own.
std::optional<Purchase> ReadPurchase(const FieldPath& path, const v1::Purchase& proto,
                                     absl::string_view source_system, absl::Time now,
                                     Violations& violations);

// One refund of an import, whose customer and order number stand beside it.
std::optional<RefundCommand> ReadImportRefund(const FieldPath& path, const v1::ImportRefund& proto,
                                              absl::string_view source_system, absl::Time now,
                                              Violations& violations);

// The refund number is empty when the server is to make it.
absl::StatusOr<Validated<RefundCommand>> ValidateRefundPurchase(
    const v1::RefundPurchaseRequest& request, common::v1::RequestIdRule rule, absl::Time now);

absl::StatusOr<Validated<CancelCommand>> ValidateCancelPurchase(
    const v1::CancelPurchaseRequest& request, common::v1::RequestIdRule rule, absl::Time now);

}  // namespace clientele::profile

#endif  // SERVICES_PROFILE_API_VALIDATION_PURCHASE_REQUESTS_H_
