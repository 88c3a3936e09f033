#ifndef SERVICES_PROFILE_API_VALIDATION_ATTRIBUTE_VALUES_H_
#define SERVICES_PROFILE_API_VALIDATION_ATTRIBUTE_VALUES_H_

// Reads the values of attributes.
//
// Thread safety: pure functions.

#include <string>

#include "absl/time/time.h"
#include "clientele/profile/v1/customer.pb.h"
#include "common/status/error.h"
#include "services/profile/api/validation/field_path.h"
#include "services/profile/domain/attribute.h"

namespace clientele::profile {

// The value of one attribute in its normalised spelling, "" when it is empty. `parent` is the path
// of the CustomerAttributes; `now` bounds dates of birth.
std::string ReadAttribute(const FieldPath& parent, const v1::CustomerAttributes& attributes,
                          Attribute attribute, absl::Time now, Violations& violations);

}  // namespace clientele::profile

#endif  // SERVICES_PROFILE_API_VALIDATION_ATTRIBUTE_VALUES_H_
