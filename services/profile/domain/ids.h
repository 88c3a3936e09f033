#ifndef SERVICES_PROFILE_DOMAIN_IDS_H_
#define SERVICES_PROFILE_DOMAIN_IDS_H_

// The ids of profile, each its own type.

#include "common/ids/strong_id.h"

namespace clientele::profile {

struct CustomerTag;
struct FactTag;
struct PurchaseTag;

// ^[a-z0-9][a-z0-9-]{2,62}$, chosen by the caller or a UUIDv7; never personal.
using CustomerId = StrongId<CustomerTag>;
// A UUIDv7.
using FactId = StrongId<FactTag>;
// The UUIDv5 of source_system and order_number (PurchaseIdOf).
using PurchaseId = StrongId<PurchaseTag>;

}  // namespace clientele::profile

#endif  // SERVICES_PROFILE_DOMAIN_IDS_H_
