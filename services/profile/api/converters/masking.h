#ifndef SERVICES_PROFILE_API_CONVERTERS_MASKING_H_
#define SERVICES_PROFILE_API_CONVERTERS_MASKING_H_

// What callers see of sensitive attributes (AttributeDefinition::sensitive) who may not read them:
// that a value is known, and not which.
//
// Thread safety: pure functions.

#include "clientele/profile/v1/customer.pb.h"
#include "clientele/profile/v1/fact.pb.h"
#include "common/rpc/call_context.h"

namespace clientele::profile {

// Whether the caller has the permission profile.sensitive.read.
bool MayReadSensitive(const rpc::CallContext& call);

// Takes the sensitive values out and names them in masked_fields.
void MaskCustomer(v1::Customer& customer);

// Takes a sensitive value out and says so.
void MaskFact(v1::Fact& fact);

}  // namespace clientele::profile

#endif  // SERVICES_PROFILE_API_CONVERTERS_MASKING_H_
