#include "services/profile/api/validation/identifier_normalizer.h"

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace clientele::profile {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

const IdentifierNormalizer& Normalizer() {
  static const IdentifierNormalizer normalizer(
      *SecretKey::FromBytes(std::string(kSecretKeyBytes, 'k')));
  return normalizer;
}

v1::Identifier Make(v1::IdentifierType type, const std::string& value,
                    const std::string& region_code = "") {
  v1::Identifier identifier;
  identifier.set_type(type);
  identifier.set_value(value);
  identifier.set_region_code(region_code);
  if (type == v1::IDENTIFIER_TYPE_EXTERNAL) identifier.set_system("erp");
  return identifier;
}

std::string ValueOf(const v1::Identifier& identifier) {
  const auto normalized = Normalizer().Normalize(identifier);
  return normalized.ok() ? normalized->value : "refused";
}

std::string HashOf(const v1::Identifier& identifier) {
  return Normalizer().Normalize(identifier)->hash;
}

std::vector<std::string> ShapeViolations(const v1::Identifier& identifier) {
  const FieldPath root;
  Violations violations;
  const bool fits = IdentifierNormalizer::CheckShape(root.Field("i"), identifier,
                                                     Presence::kRequired, violations);
  EXPECT_EQ(fits, violations.empty());
  std::vector<std::string> fields;
  for (const FieldViolation& violation : violations.all()) fields.push_back(violation.field);
  return fields;
}

TEST(IdentifierNormalizer, BringsPhoneNumbersToE164) {
  const auto phone = v1::IDENTIFIER_TYPE_PHONE;
  EXPECT_EQ(ValueOf(Make(phone, "+44 20 7031 3000")), "+442070313000");
  EXPECT_EQ(ValueOf(Make(phone, "020 7031 3000", "GB")), "+442070313000");
  EXPECT_EQ(ValueOf(Make(phone, " (020) 7031-3000 ", "gb")), "+442070313000");
  EXPECT_EQ(ValueOf(Make(phone, "138 0013 8000", "CN")), "+8613800138000");
  for (const char* malformed : {"020 7031 3000", "hello", "+1", "+999999999999999999"}) {
    EXPECT_EQ(ValueOf(Make(phone, malformed)), "refused") << malformed;
  }
}

TEST(IdentifierNormalizer, RefusesALocalNumberWithoutItsAreaCode) {
  const auto phone = v1::IDENTIFIER_TYPE_PHONE;
  EXPECT_EQ(ValueOf(Make(phone, "650-253-0000", "US")), "+16502530000");
  EXPECT_EQ(ValueOf(Make(phone, "253-0000", "US")), "refused");
}

TEST(IdentifierNormalizer, ComparesAddressesWithoutCaseAndLowersTheDomain) {
  const auto email = v1::IDENTIFIER_TYPE_EMAIL;
  EXPECT_EQ(ValueOf(Make(email, "Anna.B@Example.ORG")), "Anna.B@example.org");
  EXPECT_EQ(HashOf(Make(email, "Anna.B@Example.ORG")), HashOf(Make(email, "anna.b@example.org")));
  for (const char* malformed : {"anna", "@x.org", "anna@", "a@b@c", "a b@x.org", "a@x..org"}) {
    EXPECT_EQ(ValueOf(Make(email, malformed)), "refused") << malformed;
  }
}

TEST(IdentifierNormalizer, ComparesAccountsWithoutCaseAndKeepsTheirSpelling) {
  const auto account = v1::IDENTIFIER_TYPE_SITE_ACCOUNT;
  EXPECT_EQ(ValueOf(Make(account, "ZoË")), "ZoË");
  EXPECT_EQ(HashOf(Make(account, "ZoË")), HashOf(Make(account, "zoë")));
}

TEST(IdentifierNormalizer, TakesExternalIdsAsSpelledPerSystem) {
  const auto external = v1::IDENTIFIER_TYPE_EXTERNAL;
  EXPECT_NE(HashOf(Make(external, "A1")), HashOf(Make(external, "a1")));
  v1::Identifier other = Make(external, "A1");
  other.set_system("crm");
  EXPECT_NE(HashOf(Make(external, "A1")), HashOf(other));
  // One character and its two-part spelling are the same text.
  EXPECT_EQ(HashOf(Make(external, "\u00e9")), HashOf(Make(external, "e\u0301")));
}

TEST(IdentifierNormalizer, TellsTypesApart) {
  EXPECT_NE(HashOf(Make(v1::IDENTIFIER_TYPE_SITE_ACCOUNT, "a@x.org")),
            HashOf(Make(v1::IDENTIFIER_TYPE_EMAIL, "a@x.org")));
}

TEST(IdentifierNormalizer, ChecksShapesAndListsEveryViolation) {
  EXPECT_THAT(ShapeViolations(Make(v1::IDENTIFIER_TYPE_UNSPECIFIED, "")),
              ElementsAre("i.type", "i.value"));
  v1::Identifier external = Make(v1::IDENTIFIER_TYPE_EXTERNAL, std::string(201, 'x'), "CN");
  external.set_system("ERP");
  EXPECT_THAT(ShapeViolations(external), ElementsAre("i.value", "i.system", "i.region_code"));
  v1::Identifier email = Make(v1::IDENTIFIER_TYPE_EMAIL, "a@x.org");
  email.set_system("erp");
  EXPECT_THAT(ShapeViolations(email), ElementsAre("i.system"));
  EXPECT_THAT(ShapeViolations(Make(v1::IDENTIFIER_TYPE_PHONE, "1", "Narnia")),
              ElementsAre("i.region_code"));
  EXPECT_THAT(ShapeViolations(Make(static_cast<v1::IdentifierType>(99), "x")),
              ElementsAre("i.type"));
  EXPECT_THAT(ShapeViolations(Make(v1::IDENTIFIER_TYPE_PHONE, "+442070313000")), ElementsAre());
}

TEST(IdentifierNormalizer, RefusesRepetitionsAndNeverRepeatsAValue) {
  google::protobuf::RepeatedPtrField<v1::Identifier> identifiers;
  *identifiers.Add() = Make(v1::IDENTIFIER_TYPE_EMAIL, "Anna@x.org");
  *identifiers.Add() = Make(v1::IDENTIFIER_TYPE_PHONE, "secret-phone");
  *identifiers.Add() = Make(v1::IDENTIFIER_TYPE_EMAIL, "anna@X.org");
  const FieldPath root;
  Violations violations;
  EXPECT_EQ(Normalizer().ReadAll(root, "identifiers", identifiers, 50, false, violations).size(),
            1u);
  ASSERT_EQ(violations.all().size(), 2u);
  EXPECT_EQ(violations.all()[0].field, "identifiers[1].value");
  EXPECT_EQ(violations.all()[1].field, "identifiers[2]");
  EXPECT_THAT(violations.all()[0].description, Not(HasSubstr("secret")));
}

TEST(IdentifierNormalizer, BoundsTheirNumberAndKind) {
  google::protobuf::RepeatedPtrField<v1::Identifier> identifiers;
  *identifiers.Add() = Make(v1::IDENTIFIER_TYPE_EMAIL, "a@x.org");
  *identifiers.Add() = Make(v1::IDENTIFIER_TYPE_EXTERNAL, "1");
  const FieldPath root;
  Violations violations;
  Normalizer().ReadAll(root, "ids", identifiers, 1, false, violations);
  Normalizer().ReadAll(root, "ids", identifiers, 5, true, violations);
  ASSERT_EQ(violations.all().size(), 2u);
  EXPECT_EQ(violations.all()[0].field, "ids");
  EXPECT_EQ(violations.all()[1].field, "ids[0].type");
}

}  // namespace
}  // namespace clientele::profile
