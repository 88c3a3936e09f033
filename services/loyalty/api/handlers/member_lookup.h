#ifndef SERVICES_LOYALTY_API_HANDLERS_MEMBER_LOOKUP_H_
#define SERVICES_LOYALTY_API_HANDLERS_MEMBER_LOOKUP_H_

// Finding the member that a request names. Internal to the handlers.

#include "absl/status/statusor.h"
#include "common/sql/database.h"
#include "services/loyalty/domain/ledger.h"

namespace clientele::loyalty {

// NOT_FOUND MEMBER_NOT_FOUND.
absl::StatusOr<Member> LookUpMember(sql::Tx& tx, const CustomerId& customer_id);

}  // namespace clientele::loyalty

#endif  // SERVICES_LOYALTY_API_HANDLERS_MEMBER_LOOKUP_H_
