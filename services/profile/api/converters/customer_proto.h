#ifndef SERVICES_PROFILE_API_CONVERTERS_CUSTOMER_PROTO_H_
#define SERVICES_PROFILE_API_CONVERTERS_CUSTOMER_PROTO_H_

// Customers and facts as callers see them.
//
// Thread safety: pure functions.

#include "clientele/profile/v1/customer.pb.h"
#include "clientele/profile/v1/fact.pb.h"
#include "services/profile/domain/customer.h"
#include "services/profile/domain/fact.h"

namespace clientele::profile {

v1::Customer ToCustomerProto(const Customer& customer);

// `current`: whether the customer shows this fact.
v1::Fact ToFactProto(const CustomerId& customer_id, const Fact& fact, bool current);

}  // namespace clientele::profile

#endif  // SERVICES_PROFILE_API_CONVERTERS_CUSTOMER_PROTO_H_
