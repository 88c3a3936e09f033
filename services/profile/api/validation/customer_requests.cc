#include "services/profile/api/validation/customer_requests.h"

#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/status/error.h"
#include "common/status/macros.h"
#include "services/profile/api/validation/attribute_values.h"
#include "services/profile/api/validation/fields.h"
#include "services/profile/domain/limits.h"

namespace clientele::profile {
namespace {

// What a caller's source_system means when it is empty.
constexpr absl::string_view kDefaultSourceSystem = "api";

FactOrigin ReadOrigin(bool has_origin, const v1::FactOrigin& origin, absl::Time now,
                      Violations& violations) {
  const FieldPath request;
  const FieldPath path = request.Field("origin");
  FactOrigin read;
  if (!has_origin) {
    violations.Add(path.ToString(), "is required");
    return read;
  }
  if (origin.channel() == v1::COLLECTION_CHANNEL_UNSPECIFIED ||
      !v1::CollectionChannel_IsValid(origin.channel())) {
    violations.Add(path.Field("channel").ToString(), "must be a known channel");
  } else {
    read.channel = static_cast<CollectionChannel>(origin.channel());
  }
  read.source_system =
      origin.source_system().empty()
          ? std::string(kDefaultSourceSystem)
          : ReadSourceSystem(path.Field("source_system"), origin.source_system(), violations);
  read.occur_time = ReadOccurTime(path.Field("occur_time"),
                                  origin.has_occur_time() ? &origin.occur_time() : nullptr, now,
                                  Presence::kOptional, violations)
                        .value_or(now);
  return read;
}

CustomerKind ReadKind(const FieldPath& path, v1::CustomerKind kind, Violations& violations) {
  if (kind == v1::CUSTOMER_KIND_UNSPECIFIED) return CustomerKind::kPerson;
  if (!v1::CustomerKind_IsValid(kind)) {
    violations.Add(path.ToString(), "must be a known kind");
    return CustomerKind::kPerson;
  }
  return static_cast<CustomerKind>(kind);
}

std::vector<AttributeValue> ReadNewAttributes(const FieldPath& customer, const v1::Customer& proto,
                                              CustomerKind kind, absl::Time now,
                                              Violations& violations) {
  const FieldPath path = customer.Field("attributes");
  std::vector<AttributeValue> values;
  for (const AttributeDefinition& definition : AttributeCatalog()) {
    std::string value =
        ReadAttribute(path, proto.attributes(), definition.attribute, now, violations);
    if (value.empty()) continue;
    if (definition.persons_only && kind == CustomerKind::kOrganization) {
      violations.Add(path.Field(definition.name).ToString(), "only a PERSON has it");
      continue;
    }
    values.push_back({definition.attribute, std::move(value)});
  }
  return values;
}

// What a mask names.
struct Mask {
  std::set<Attribute> attributes;
  std::set<Attribute> named;  // of them, those by a path of their own
  bool identifiers = false;
};

void ReadMaskPath(const FieldPath& field, absl::string_view path, Mask& mask,
                  Violations& violations) {
  if (path == "identifiers") {
    mask.identifiers = true;
    return;
  }
  if (path == "attributes") {
    for (const AttributeDefinition& definition : AttributeCatalog()) {
      mask.attributes.insert(definition.attribute);
    }
    return;
  }
  const AttributeDefinition* definition = FindAttributeByPath(path);
  if (definition == nullptr) {
    violations.Add(field.ToString(),
                   absl::StrCat("must be \"attributes.<name>\", \"attributes\" or \"identifiers\", "
                                "not \"",
                                path, "\""));
    return;
  }
  mask.attributes.insert(definition->attribute);
  mask.named.insert(definition->attribute);
}

// Whether somebody who is shown no sensitive values sends back what was shown: an empty value that
// only the path "attributes" names.
bool IsMaskedValue(const Mask& mask, Attribute attribute, absl::string_view value) {
  return value.empty() && DefinitionOf(attribute).sensitive && mask.named.count(attribute) == 0;
}

Mask ReadMask(const google::protobuf::FieldMask& proto, Violations& violations) {
  const FieldPath root;
  const FieldPath field = root.Field("update_mask");
  Mask mask;
  if (proto.paths().empty()) violations.Add(field.ToString(), "is required");
  if (proto.paths_size() > kUpdateMaskPathsMax) {
    violations.Add(field.ToString(), absl::StrCat("must be at most ", kUpdateMaskPathsMax));
    return mask;
  }
  for (int i = 0; i < proto.paths_size(); ++i) {
    ReadMaskPath(field.Item("paths", i), proto.paths(i), mask, violations);
  }
  return mask;
}

template <typename Request>
absl::StatusOr<Validated<CustomerStateCommand>> ValidateStateRequest(const Request& request,
                                                                     common::v1::RequestIdRule rule,
                                                                     absl::Time now) {
  const FieldPath root;
  Violations violations;
  Validated<CustomerStateCommand> read;
  read.request_id = ReadRequestId(request.request_id(), rule, violations);
  read.command.id = ReadCustomerId(root.Field("customer_id"), request.customer_id(), violations);
  read.command.expected_version = ReadEtag(root.Field("etag"), request.etag(), violations);
  read.command.occur_time = now;
  CLIENTELE_RETURN_IF_ERROR(violations.ToStatus());
  return read;
}

}  // namespace

absl::StatusOr<Validated<NewCustomer>> ValidateCreateCustomer(
    const v1::CreateCustomerRequest& request, common::v1::RequestIdRule rule,
    const IdentifierNormalizer& normalizer, absl::Time now) {
  const FieldPath root;
  const FieldPath customer = root.Field("customer");
  const v1::Customer& proto = request.customer();
  Violations violations;
  Validated<NewCustomer> read;
  read.request_id = ReadRequestId(request.request_id(), rule, violations);
  if (!request.has_customer()) violations.Add("customer", "is required");
  if (!proto.customer_id().empty()) {
    read.command.id =
        ReadCustomerId(customer.Field("customer_id"), proto.customer_id(), violations);
  }
  read.command.kind = ReadKind(customer.Field("kind"), proto.kind(), violations);
  read.command.identifiers =
      normalizer.ReadAll(customer, "identifiers", proto.identifiers(), kIdentifiersMax,
                         /*external_only=*/false, violations);
  read.command.attributes = ReadNewAttributes(customer, proto, read.command.kind, now, violations);
  read.command.origin = ReadOrigin(request.has_origin(), request.origin(), now, violations);
  CLIENTELE_RETURN_IF_ERROR(violations.ToStatus());
  return read;
}

absl::StatusOr<Validated<CustomerEdit>> ValidateUpdateCustomer(
    const v1::UpdateCustomerRequest& request, common::v1::RequestIdRule rule,
    const IdentifierNormalizer& normalizer, absl::Time now, bool sees_sensitive) {
  const FieldPath root;
  const FieldPath customer = root.Field("customer");
  const FieldPath attributes = customer.Field("attributes");
  const v1::Customer& proto = request.customer();
  Violations violations;
  Validated<CustomerEdit> read;
  read.request_id = ReadRequestId(request.request_id(), rule, violations);
  read.command.id = ReadCustomerId(customer.Field("customer_id"), proto.customer_id(), violations);
  read.command.expected_version = ReadEtag(customer.Field("etag"), proto.etag(), violations);
  const Mask mask = ReadMask(request.update_mask(), violations);
  for (Attribute attribute : mask.attributes) {
    std::string value = ReadAttribute(attributes, proto.attributes(), attribute, now, violations);
    if (!sees_sensitive && IsMaskedValue(mask, attribute, value)) continue;
    read.command.attributes.push_back({attribute, std::move(value)});
  }
  if (mask.identifiers) {
    read.command.identifiers =
        normalizer.ReadAll(customer, "identifiers", proto.identifiers(), kIdentifiersMax,
                           /*external_only=*/false, violations);
  }
  read.command.origin = ReadOrigin(request.has_origin(), request.origin(), now, violations);
  read.command.is_said_now = !request.origin().has_occur_time();
  CLIENTELE_RETURN_IF_ERROR(violations.ToStatus());
  return read;
}

absl::StatusOr<Validated<CustomerStateCommand>> ValidateDeleteCustomer(
    const v1::DeleteCustomerRequest& request, common::v1::RequestIdRule rule, absl::Time now) {
  return ValidateStateRequest(request, rule, now);
}

absl::StatusOr<Validated<CustomerStateCommand>> ValidateUndeleteCustomer(
    const v1::UndeleteCustomerRequest& request, common::v1::RequestIdRule rule, absl::Time now) {
  return ValidateStateRequest(request, rule, now);
}

}  // namespace clientele::profile
