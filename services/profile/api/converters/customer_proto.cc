#include "services/profile/api/converters/customer_proto.h"

#include <algorithm>
#include <string>
#include <tuple>
#include <vector>

#include "common/ids/etag.h"
#include "common/time/time_proto.h"
#include "services/profile/api/converters/attribute_fields.h"

namespace clientele::profile {
namespace {

void AddIdentifiers(const Customer& customer, v1::Customer& proto) {
  // One order, whether they come from the store or from a plan.
  std::vector<const Identifier*> identifiers;
  for (const Identifier& identifier : customer.identifiers) {
    if (!identifier.value.empty()) identifiers.push_back(&identifier);  // else it is erased
  }
  std::sort(identifiers.begin(), identifiers.end(),
            [](const Identifier* left, const Identifier* right) {
              return std::tie(left->type, left->system, left->value) <
                     std::tie(right->type, right->system, right->value);
            });
  for (const Identifier* identifier : identifiers) {
    v1::Identifier& added = *proto.add_identifiers();
    added.set_type(static_cast<v1::IdentifierType>(identifier->type));
    added.set_value(identifier->value);
    added.set_system(identifier->system);
  }
}

}  // namespace

v1::Customer ToCustomerProto(const Customer& customer) {
  const CustomerRoot& root = customer.root;
  v1::Customer proto;
  proto.set_customer_id(root.id.value());
  proto.set_kind(static_cast<v1::CustomerKind>(root.kind));
  proto.set_state(static_cast<v1::CustomerState>(root.state));
  proto.set_commercial_status(static_cast<v1::CommercialStatus>(root.commercial_status));
  proto.set_etag(EtagOf(root.version));
  *proto.mutable_create_time() = ToTimestamp(root.create_time);
  *proto.mutable_update_time() = ToTimestamp(root.update_time);
  if (root.delete_time.has_value()) {
    *proto.mutable_delete_time() = ToTimestamp(*root.delete_time);
  }
  AddIdentifiers(customer, proto);
  for (const auto& [attribute, fact] : customer.shown) {
    SetAttributeField(*proto.mutable_attributes(), attribute, fact.value);
  }
  return proto;
}

v1::Fact ToFactProto(const CustomerId& customer_id, const Fact& fact, bool current) {
  v1::Fact proto;
  proto.set_fact_id(fact.id.value());
  proto.set_customer_id(customer_id.value());
  proto.set_attribute(std::string(DefinitionOf(fact.attribute).path));
  proto.set_value(fact.value);
  proto.set_erased(fact.erased);
  proto.mutable_origin()->set_channel(static_cast<v1::CollectionChannel>(fact.origin.channel));
  proto.mutable_origin()->set_source_system(fact.origin.source_system);
  *proto.mutable_origin()->mutable_occur_time() = ToTimestamp(fact.origin.occur_time);
  *proto.mutable_record_time() = ToTimestamp(fact.record_time);
  proto.set_current(current);
  return proto;
}

}  // namespace clientele::profile
