#ifndef SERVICES_COMPLAINTS_DOMAIN_IDS_H_
#define SERVICES_COMPLAINTS_DOMAIN_IDS_H_

// The ids of complaints, each its own type.

#include "common/ids/strong_id.h"

namespace clientele::complaints {

struct CustomerTag;
struct ComplaintTag;
struct RemedyTag;
struct StaffTag;

// ^[a-z0-9][a-z0-9-]{2,62}$; profile's, never personal.
using CustomerId = StrongId<CustomerTag>;
// ^[a-z0-9][a-z0-9-]{2,62}$, chosen by the caller or a UUIDv7; unique within the customer.
using ComplaintId = StrongId<ComplaintTag>;
// A UUIDv7.
using RemedyId = StrongId<RemedyTag>;
// ^[a-z0-9][a-z0-9-]{2,62}$; somebody who works here.
using StaffId = StrongId<StaffTag>;

}  // namespace clientele::complaints

#endif  // SERVICES_COMPLAINTS_DOMAIN_IDS_H_
