#include "services/profile/api/converters/attribute_fields.h"

#include "common/status/macros.h"

namespace clientele::profile {
namespace {

const google::protobuf::FieldDescriptor* FieldOf(Attribute attribute) {
  const google::protobuf::FieldDescriptor* field =
      v1::CustomerAttributes::descriptor()->FindFieldByNumber(static_cast<int>(attribute));
  CLIENTELE_CHECK(field != nullptr);
  return field;
}

}  // namespace

std::string AttributeField(const v1::CustomerAttributes& attributes, Attribute attribute) {
  return attributes.GetReflection()->GetString(attributes, FieldOf(attribute));
}

void SetAttributeField(v1::CustomerAttributes& attributes, Attribute attribute,
                       absl::string_view value) {
  attributes.GetReflection()->SetString(&attributes, FieldOf(attribute), std::string(value));
}

}  // namespace clientele::profile
