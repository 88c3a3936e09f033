#ifndef SERVICES_LOYALTY_DOMAIN_IDS_H_
#define SERVICES_LOYALTY_DOMAIN_IDS_H_

// The ids of loyalty, each its own type.

#include "common/ids/strong_id.h"

namespace clientele::loyalty {

struct CustomerTag;
struct PurchaseTag;

// ^[a-z0-9][a-z0-9-]{2,62}$, as profile gave it; never personal.
using CustomerId = StrongId<CustomerTag>;
// A UUID, as profile gave it.
using PurchaseId = StrongId<PurchaseTag>;

}  // namespace clientele::loyalty

#endif  // SERVICES_LOYALTY_DOMAIN_IDS_H_
