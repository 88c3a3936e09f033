#ifndef SERVICES_PROFILE_API_CONVERTERS_ATTRIBUTE_FIELDS_H_
#define SERVICES_PROFILE_API_CONVERTERS_ATTRIBUTE_FIELDS_H_

// The field of CustomerAttributes that holds an attribute; its number is the attribute's.
//
// Thread safety: pure functions.

#include <string>

#include "absl/strings/string_view.h"
#include "clientele/profile/v1/customer.pb.h"
#include "services/profile/domain/attribute.h"

namespace clientele::profile {

// A copy of the field's text.
std::string AttributeField(const v1::CustomerAttributes& attributes, Attribute attribute);

void SetAttributeField(v1::CustomerAttributes& attributes, Attribute attribute,
                       absl::string_view value);

}  // namespace clientele::profile

#endif  // SERVICES_PROFILE_API_CONVERTERS_ATTRIBUTE_FIELDS_H_
