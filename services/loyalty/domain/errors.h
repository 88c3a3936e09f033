#ifndef SERVICES_LOYALTY_DOMAIN_ERRORS_H_
#define SERVICES_LOYALTY_DOMAIN_ERRORS_H_

// The named errors of the loyalty service. Each carries its reason (the function's name in
// UPPER_SNAKE) and every dynamic part of its message as metadata. Pure functions.

#include <cstdint>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "services/loyalty/domain/ids.h"
#include "services/loyalty/domain/ledger.h"

namespace clientele::loyalty {

// NOT_FOUND: no purchase of the customer has arrived, or nobody has that id; loyalty cannot tell.
absl::Status MemberNotFound(const CustomerId& customer_id);

// FAILED_PRECONDITION; metadata: available, requested, missing, debt.
absl::Status InsufficientPoints(const Member& member, int64_t requested_points);

// FAILED_PRECONDITION: a Reverse came before the request.
absl::Status RequestIdVoided(absl::string_view request_id);

// ALREADY_EXISTS, as the idempotency store answers it.
absl::Status RequestIdReused(absl::string_view request_id);

// FAILED_PRECONDITION: only REDEEM and ADJUST are reversed by request.
absl::Status TransactionNotReversible(EntryKind kind);

// NOT_FOUND.
absl::Status EarningNotFound(const CustomerId& customer_id, const PurchaseId& purchase_id);

// FAILED_PRECONDITION: a balance would leave ±kPointsMax.
absl::Status PointsLimitExceeded(const Member& member, int64_t requested_points);

}  // namespace clientele::loyalty

#endif  // SERVICES_LOYALTY_DOMAIN_ERRORS_H_
