#ifndef SERVICES_PROFILE_DOMAIN_ATTRIBUTE_H_
#define SERVICES_PROFILE_DOMAIN_ATTRIBUTE_H_

// The catalogue of built-in attributes: what may be known about a customer.
//
// Thread safety: constants and pure functions.

#include <cstdint>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace clientele::profile {

// The numbers are those of the fields of CustomerAttributes.
enum class Attribute {
  kDisplayName = 1,
  kGivenName = 2,
  kFamilyName = 3,
  kBirthDate = 4,
  kGender = 5,
  kLanguageCode = 6,
  kRegionCode = 7,
  kLocality = 8,
  kEmployer = 9,
  kJobTitle = 10,
};

// How a value is checked and brought to one spelling.
enum class AttributeFormat {
  kText,          // NFC, trimmed, no control characters
  kDate,          // YYYY-MM-DD, 1850-01-01 to today
  kLanguageCode,  // BCP-47
  kRegionCode,    // CLDR
};

struct AttributeDefinition {
  Attribute attribute;
  absl::string_view name;  // "given_name"
  absl::string_view path;  // "attributes.given_name": in masks, facts and events
  int64_t characters_max;
  AttributeFormat format;
  bool persons_only;  // an ORGANIZATION cannot have it
  bool sensitive;     // shown to callers with the permission profile.sensitive.read only
};

// Every attribute, in the order of its number.
absl::Span<const AttributeDefinition> AttributeCatalog();

// The definition of `attribute`.
const AttributeDefinition& DefinitionOf(Attribute attribute);

// The definition of that path or nullptr.
const AttributeDefinition* FindAttributeByPath(absl::string_view path);

// The definition of that name or nullptr.
const AttributeDefinition* FindAttributeByName(absl::string_view name);

}  // namespace clientele::profile

#endif  // SERVICES_PROFILE_DOMAIN_ATTRIBUTE_H_
