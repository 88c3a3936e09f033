#ifndef SERVICES_PROFILE_API_CONVERTERS_PURCHASE_PROTO_H_
#define SERVICES_PROFILE_API_CONVERTERS_PURCHASE_PROTO_H_

// Purchases as callers see them.
//
// Thread safety: pure functions.

#include "clientele/profile/v1/purchase.pb.h"
#include "services/profile/domain/purchase.h"

namespace clientele::profile {

// Without lines and refunds, as lists answer.
v1::Purchase ToPurchaseProto(const PurchaseHeader& header);

// With lines and refunds.
v1::Purchase ToPurchaseProto(const Purchase& purchase);

}  // namespace clientele::profile

#endif  // SERVICES_PROFILE_API_CONVERTERS_PURCHASE_PROTO_H_
