#include "services/profile/api/validation/identifier_normalizer.h"

#include <phonenumbers/phonenumberutil.h>
#include <unicode/bytestream.h>
#include <unicode/locid.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/status/macros.h"
#include "common/text/text.h"
#include "services/profile/api/validation/fields.h"
#include "services/profile/api/validation/locale_codes.h"
#include "services/profile/domain/limits.h"

namespace clientele::profile {
namespace {

using i18n::phonenumbers::PhoneNumber;
using i18n::phonenumbers::PhoneNumberUtil;

icu::UnicodeString ToUnicode(absl::string_view text) {
  return icu::UnicodeString::fromUTF8(
      icu::StringPiece(text.data(), static_cast<int32_t>(text.size())));
}

// `text` as it is compared without case.
std::string FoldCase(absl::string_view text) {
  std::string folded;
  ToUnicode(text).foldCase().toUTF8String(folded);
  return folded;
}

std::string LowerCase(absl::string_view text) {
  std::string lower;
  ToUnicode(text).toLower(icu::Locale::getRoot()).toUTF8String(lower);
  return lower;
}

absl::StatusOr<std::string> ToE164(const std::string& text, const std::string& region_code) {
  const PhoneNumberUtil& phones = *PhoneNumberUtil::GetInstance();
  PhoneNumber number;
  const std::string region = region_code.empty() ? "ZZ" : region_code;
  const auto parsed = phones.ParseAndKeepRawInput(text, region, &number);
  if (parsed == PhoneNumberUtil::INVALID_COUNTRY_CODE_ERROR && region_code.empty()) {
    return absl::InvalidArgumentError("needs a leading + or a region_code");
  }
  // IsPossibleNumber also takes a number without its area code, which is dialled by another phone
  // in every town.
  if (parsed != PhoneNumberUtil::NO_PARSING_ERROR ||
      phones.IsPossibleNumberWithReason(number) != PhoneNumberUtil::IS_POSSIBLE) {
    return absl::InvalidArgumentError("must be a phone number");
  }
  std::string e164;
  phones.Format(number, PhoneNumberUtil::E164, &e164);
  return e164;
}

// local@domain with the domain in lower case.
absl::StatusOr<std::string> ToAddress(absl::string_view text) {
  const std::vector<absl::string_view> parts = absl::StrSplit(text, '@');
  const absl::Status refusal = absl::InvalidArgumentError("must be an e-mail address");
  if (parts.size() != 2 || parts[0].empty() || text.find(' ') != absl::string_view::npos) {
    return refusal;
  }
  const std::vector<absl::string_view> labels = absl::StrSplit(parts[1], '.');
  if (std::any_of(labels.begin(), labels.end(),
                  [](absl::string_view label) { return label.empty(); })) {
    return refusal;
  }
  return absl::StrCat(parts[0], "@", LowerCase(parts[1]));
}

bool CheckSystem(const FieldPath& path, const v1::Identifier& identifier, Presence presence,
                 Violations& violations) {
  if (identifier.type() == v1::IDENTIFIER_TYPE_EXTERNAL) {
    if (presence == Presence::kOptional && identifier.system().empty()) return true;
    return !ReadSourceSystem(path.Field("system"), identifier.system(), violations).empty();
  }
  if (identifier.system().empty()) return true;
  violations.Add(path.Field("system").ToString(), "only an EXTERNAL identifier has one");
  return false;
}

bool CheckRegion(const FieldPath& path, const v1::Identifier& identifier, Violations& violations) {
  if (identifier.region_code().empty()) return true;
  if (identifier.type() != v1::IDENTIFIER_TYPE_PHONE) {
    violations.Add(path.Field("region_code").ToString(), "only a PHONE has one");
    return false;
  }
  if (CanonicalRegionCode(identifier.region_code()).has_value()) return true;
  violations.Add(path.Field("region_code").ToString(), "must be a CLDR region");
  return false;
}

}  // namespace

bool IdentifierNormalizer::CheckShape(const FieldPath& path, const v1::Identifier& identifier,
                                      Presence system_presence, Violations& violations) {
  bool fits = true;
  if (identifier.type() == v1::IDENTIFIER_TYPE_UNSPECIFIED ||
      !v1::IdentifierType_IsValid(identifier.type())) {
    violations.Add(path.Field("type").ToString(), "must be a known type");
    fits = false;
  }
  const size_t violation_count = violations.all().size();
  ReadText(path.Field("value"), identifier.value(), kIdentifierCharactersMax, Presence::kRequired,
           violations);
  fits = fits && violations.all().size() == violation_count;
  fits = CheckSystem(path, identifier, system_presence, violations) && fits;
  return CheckRegion(path, identifier, violations) && fits;
}

absl::StatusOr<Identifier> IdentifierNormalizer::Normalize(const v1::Identifier& identifier) const {
  CLIENTELE_ASSIGN_OR_RETURN(const std::string nfc,
                             NormalizeNfc(TrimWhiteSpace(identifier.value())));
  switch (identifier.type()) {
    case v1::IDENTIFIER_TYPE_PHONE: {
      const std::string region =
          CanonicalRegionCode(identifier.region_code()).value_or(std::string());
      CLIENTELE_ASSIGN_OR_RETURN(std::string e164, ToE164(nfc, region));
      return Make(IdentifierType::kPhone, "", e164, e164);
    }
    case v1::IDENTIFIER_TYPE_EMAIL: {
      CLIENTELE_ASSIGN_OR_RETURN(std::string address, ToAddress(nfc));
      return Make(IdentifierType::kEmail, "", address, FoldCase(address));
    }
    case v1::IDENTIFIER_TYPE_SITE_ACCOUNT:
      return Make(IdentifierType::kSiteAccount, "", nfc, FoldCase(nfc));
    case v1::IDENTIFIER_TYPE_EXTERNAL:
      return Make(IdentifierType::kExternal, identifier.system(), nfc, nfc);
    default:
      return absl::InvalidArgumentError("must be of a known type");
  }
}

std::vector<Identifier> IdentifierNormalizer::ReadAll(
    const FieldPath& parent, absl::string_view name,
    const google::protobuf::RepeatedPtrField<v1::Identifier>& identifiers, int count_max,
    bool external_only, Violations& violations) const {
  std::vector<Identifier> normalized;
  if (identifiers.size() > count_max) {
    violations.Add(parent.Field(name).ToString(), absl::StrCat("must be at most ", count_max));
    return normalized;
  }
  absl::flat_hash_map<std::string, int> index_by_hash;
  for (int i = 0; i < identifiers.size(); ++i) {
    const FieldPath path = parent.Item(name, i);
    if (external_only && identifiers[i].type() != v1::IDENTIFIER_TYPE_EXTERNAL) {
      violations.Add(path.Field("type").ToString(), "must be EXTERNAL");
      continue;
    }
    if (!CheckShape(path, identifiers[i], Presence::kRequired, violations)) continue;
    absl::StatusOr<Identifier> identifier = Normalize(identifiers[i]);
    if (!identifier.ok()) {
      violations.Add(path.Field("value").ToString(), identifier.status().message());
      continue;
    }
    const auto [same, is_new] = index_by_hash.emplace(identifier->hash, i);
    if (is_new) {
      normalized.push_back(*std::move(identifier));
    } else {
      violations.Add(path.ToString(),
                     absl::StrCat("is the same as ", name, "[", same->second, "]"));
    }
  }
  return normalized;
}

Identifier IdentifierNormalizer::Make(IdentifierType type, absl::string_view system,
                                      std::string value, absl::string_view comparable) const {
  return Identifier{.type = type,
                    .system = std::string(system),
                    .value = std::move(value),
                    .hash = hash_.Hex(IdentityText(type, system, comparable))};
}

}  // namespace clientele::profile
