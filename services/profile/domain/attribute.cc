#include "services/profile/domain/attribute.h"

#include <cstddef>

#include "common/status/macros.h"

namespace clientele::profile {
namespace {

constexpr AttributeDefinition kCatalog[] = {
    {Attribute::kDisplayName, "display_name", "attributes.display_name", 200,
     AttributeFormat::kText, false, false},
    {Attribute::kGivenName, "given_name", "attributes.given_name", 100, AttributeFormat::kText,
     true, false},
    {Attribute::kFamilyName, "family_name", "attributes.family_name", 100, AttributeFormat::kText,
     true, false},
    {Attribute::kBirthDate, "birth_date", "attributes.birth_date", 10, AttributeFormat::kDate, true,
     true},
    {Attribute::kGender, "gender", "attributes.gender", 50, AttributeFormat::kText, true, true},
    {Attribute::kLanguageCode, "language_code", "attributes.language_code", 35,
     AttributeFormat::kLanguageCode, false, false},
    {Attribute::kRegionCode, "region_code", "attributes.region_code", 3,
     AttributeFormat::kRegionCode, false, false},
    {Attribute::kLocality, "locality", "attributes.locality", 100, AttributeFormat::kText, false,
     false},
    {Attribute::kEmployer, "employer", "attributes.employer", 200, AttributeFormat::kText, true,
     false},
    {Attribute::kJobTitle, "job_title", "attributes.job_title", 100, AttributeFormat::kText, true,
     false},
};

}  // namespace

absl::Span<const AttributeDefinition> AttributeCatalog() { return kCatalog; }

const AttributeDefinition& DefinitionOf(Attribute attribute) {
  const AttributeDefinition& definition = kCatalog[static_cast<size_t>(attribute) - 1];
  CLIENTELE_CHECK(definition.attribute == attribute);
  return definition;
}

const AttributeDefinition* FindAttributeByPath(absl::string_view path) {
  for (const AttributeDefinition& definition : kCatalog) {
    if (definition.path == path) return &definition;
  }
  return nullptr;
}

const AttributeDefinition* FindAttributeByName(absl::string_view name) {
  for (const AttributeDefinition& definition : kCatalog) {
    if (definition.name == name) return &definition;
  }
  return nullptr;
}

}  // namespace clientele::profile
