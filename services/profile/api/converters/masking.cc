#include "services/profile/api/converters/masking.h"

#include <string>

#include "services/profile/api/converters/attribute_fields.h"
#include "services/profile/domain/attribute.h"

namespace clientele::profile {
namespace {

constexpr char kReadSensitive[] = "profile.sensitive.read";

}  // namespace

bool MayReadSensitive(const rpc::CallContext& call) { return call.caller->MayDo(kReadSensitive); }

void MaskCustomer(v1::Customer& customer) {
  if (!customer.has_attributes()) return;
  for (const AttributeDefinition& definition : AttributeCatalog()) {
    if (!definition.sensitive) continue;
    if (AttributeField(customer.attributes(), definition.attribute).empty()) continue;
    SetAttributeField(*customer.mutable_attributes(), definition.attribute, "");
    customer.add_masked_fields(std::string(definition.path));
  }
}

void MaskFact(v1::Fact& fact) {
  const AttributeDefinition* definition = FindAttributeByPath(fact.attribute());
  if (definition == nullptr || !definition->sensitive || fact.value().empty()) return;
  fact.clear_value();
  fact.set_masked(true);
}

}  // namespace clientele::profile
