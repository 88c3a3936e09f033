#include "services/profile/api/validation/attribute_values.h"

#include <optional>

#include "common/time/civil.h"
#include "services/profile/api/converters/attribute_fields.h"
#include "services/profile/api/validation/fields.h"
#include "services/profile/api/validation/locale_codes.h"

namespace clientele::profile {
namespace {

constexpr absl::CivilDay kBirthDateMin(1850, 1, 1);

std::string ReadBirthDate(const FieldPath& path, const std::string& text, absl::Time now,
                          Violations& violations) {
  const absl::StatusOr<absl::CivilDay> day = ParseDate(text);
  if (!day.ok()) {
    violations.Add(path.ToString(), day.status().message());
  } else if (*day < kBirthDateMin || *day > DayOf(now, absl::UTCTimeZone())) {
    violations.Add(path.ToString(), "must lie between 1850-01-01 and today");
  }
  return text;
}

std::string ReadCode(const FieldPath& path, std::optional<std::string> code,
                     absl::string_view description, Violations& violations) {
  if (code.has_value()) return *std::move(code);
  violations.Add(path.ToString(), description);
  return "";
}

}  // namespace

std::string ReadAttribute(const FieldPath& parent, const v1::CustomerAttributes& attributes,
                          Attribute attribute, absl::Time now, Violations& violations) {
  const AttributeDefinition& definition = DefinitionOf(attribute);
  const FieldPath path = parent.Field(definition.name);
  const size_t violation_count = violations.all().size();
  std::string text = ReadText(path, AttributeField(attributes, attribute),
                              definition.characters_max, Presence::kOptional, violations);
  if (text.empty() || violations.all().size() != violation_count) return "";
  switch (definition.format) {
    case AttributeFormat::kText:
      return text;
    case AttributeFormat::kDate:
      return ReadBirthDate(path, text, now, violations);
    case AttributeFormat::kLanguageCode:
      return ReadCode(path, CanonicalLanguageCode(text), "must be a BCP-47 language tag",
                      violations);
    case AttributeFormat::kRegionCode:
      return ReadCode(path, CanonicalRegionCode(text), "must be a CLDR region", violations);
  }
  return "";
}

}  // namespace clientele::profile
