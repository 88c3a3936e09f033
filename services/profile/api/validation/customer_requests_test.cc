#include "services/profile/api/validation/customer_requests.h"

#include <string>
#include <vector>

#include "common/status/error.h"
#include "common/time/time_proto.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/profile/testing/api_fixture.h"

namespace clientele::profile {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::Not;
using ::testing::UnorderedElementsAre;

constexpr auto kOptional = common::v1::REQUEST_ID_RULE_OPTIONAL;

const absl::Time kNow = TestBusinessTime();

const IdentifierNormalizer& Normalizer() {
  static const IdentifierNormalizer normalizer(
      *SecretKey::FromBytes(std::string(kSecretKeyBytes, 'k')));
  return normalizer;
}

std::vector<std::string> CreateViolations(const v1::CreateCustomerRequest& request) {
  return ViolatedFields(ValidateCreateCustomer(request, kOptional, Normalizer(), kNow).status());
}

absl::StatusOr<Validated<CustomerEdit>> ReadUpdate(const v1::UpdateCustomerRequest& request,
                                                   bool sees_sensitive = true) {
  return ValidateUpdateCustomer(request, kOptional, Normalizer(), kNow, sees_sensitive);
}

std::vector<std::string> UpdateViolations(const v1::UpdateCustomerRequest& request) {
  return ViolatedFields(ReadUpdate(request).status());
}

TEST(ValidateCreateCustomer, FillsInWhatTheCallerLeftOut) {
  v1::CreateCustomerRequest request = MakeCreateRequest("");
  request.mutable_origin()->clear_source_system();
  const auto read = ValidateCreateCustomer(request, kOptional, Normalizer(), kNow);
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_TRUE(read->command.id.empty());
  EXPECT_EQ(read->command.kind, CustomerKind::kPerson);
  EXPECT_EQ(read->command.origin.source_system, "api");
  EXPECT_EQ(read->command.origin.occur_time, kNow);
}

TEST(ValidateCreateCustomer, BringsValuesToOneSpelling) {
  v1::CreateCustomerRequest request = MakeCreateRequest("c-1");
  v1::CustomerAttributes& attributes = *request.mutable_customer()->mutable_attributes();
  attributes.set_given_name("  Zoe\u0308 ");
  attributes.set_language_code("zh-hans");
  attributes.set_region_code("cn");
  const auto read = ValidateCreateCustomer(request, kOptional, Normalizer(), kNow);
  ASSERT_TRUE(read.ok()) << read.status();
  ASSERT_EQ(read->command.attributes.size(), 3u);
  EXPECT_EQ(read->command.attributes[0].value, "Zo\u00eb");
  EXPECT_EQ(read->command.attributes[1].value, "zh-Hans");
  EXPECT_EQ(read->command.attributes[2].value, "CN");
}

TEST(ValidateCreateCustomer, ListsEveryViolationAtOnce) {
  v1::CreateCustomerRequest request;
  request.set_request_id("no uuid");
  v1::Customer& customer = *request.mutable_customer();
  customer.set_customer_id("Upper");
  customer.set_kind(static_cast<v1::CustomerKind>(9));
  customer.add_identifiers();
  v1::CustomerAttributes& attributes = *customer.mutable_attributes();
  attributes.set_display_name(std::string(201, 'x'));
  attributes.set_given_name("a\nb");
  attributes.set_birth_date("1849-12-31");
  attributes.set_gender(std::string(51, 'x'));
  attributes.set_language_code("no language");
  attributes.set_region_code("ZZZ");
  *request.mutable_origin()->mutable_occur_time() = ToTimestamp(kNow + absl::Minutes(6));
  request.mutable_origin()->set_source_system("Shop!");
  EXPECT_THAT(
      CreateViolations(request),
      UnorderedElementsAre("request_id", "customer.customer_id", "customer.kind",
                           "customer.identifiers[0].type", "customer.identifiers[0].value",
                           "customer.attributes.display_name", "customer.attributes.given_name",
                           "customer.attributes.birth_date", "customer.attributes.gender",
                           "customer.attributes.language_code", "customer.attributes.region_code",
                           "origin.channel", "origin.source_system", "origin.occur_time"));
}

TEST(ValidateCreateCustomer, NeedsACustomerAndAnOrigin) {
  EXPECT_THAT(CreateViolations({}), ElementsAre("customer", "origin"));
}

TEST(ValidateCreateCustomer, KeepsAPersonsAttributesFromOrganizations) {
  v1::CreateCustomerRequest request = MakeCreateRequest("c-1");
  request.mutable_customer()->set_kind(v1::CUSTOMER_KIND_ORGANIZATION);
  request.mutable_customer()->mutable_attributes()->set_job_title("CEO");
  EXPECT_THAT(CreateViolations(request),
              ElementsAre("customer.attributes.given_name", "customer.attributes.job_title"));
}

TEST(ValidateCreateCustomer, AcceptsDatesOfBirthUpToToday) {
  for (const auto& [date, accepted] :
       std::vector<std::pair<std::string, bool>>{{"1850-01-01", true},
                                                 {"2011-12-10", true},
                                                 {"2011-12-11", false},
                                                 {"1990-02-29", false},
                                                 {"90-02-28", false}}) {
    v1::CreateCustomerRequest request = MakeCreateRequest("c-1");
    request.mutable_customer()->mutable_attributes()->set_birth_date(date);
    EXPECT_EQ(CreateViolations(request).empty(), accepted) << date;
  }
}

TEST(ValidateUpdateCustomer, ReadsWhatTheMaskNamesOnly) {
  v1::UpdateCustomerRequest request;
  request.mutable_customer()->set_customer_id("c-1");
  request.mutable_customer()->set_etag("v4");
  request.mutable_customer()->mutable_attributes()->set_given_name("Ann");
  request.mutable_customer()->mutable_attributes()->set_region_code("not looked at");
  request.mutable_origin()->set_channel(v1::COLLECTION_CHANNEL_SURVEY);
  request.mutable_update_mask()->add_paths("attributes.given_name");
  request.mutable_update_mask()->add_paths("attributes.locality");
  const auto read = ReadUpdate(request);
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->command.expected_version, 4);
  ASSERT_EQ(read->command.attributes.size(), 2u);
  EXPECT_EQ(read->command.attributes[0].value, "Ann");
  EXPECT_EQ(read->command.attributes[1].value, "");
  EXPECT_FALSE(read->command.identifiers.has_value());
}

TEST(ValidateUpdateCustomer, TakesAllAttributesAndIdentifiersByName) {
  v1::UpdateCustomerRequest request;
  request.mutable_customer()->set_customer_id("c-1");
  request.mutable_origin()->set_channel(v1::COLLECTION_CHANNEL_SURVEY);
  request.mutable_update_mask()->add_paths("attributes");
  request.mutable_update_mask()->add_paths("identifiers");
  const auto read = ReadUpdate(request);
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->command.attributes.size(), AttributeCatalog().size());
  EXPECT_TRUE(read->command.identifiers.has_value());
}

TEST(ValidateUpdateCustomer, LeavesWhatTheCallerWasNotShown) {
  v1::UpdateCustomerRequest request;
  request.mutable_customer()->set_customer_id("c-1");
  request.mutable_customer()->mutable_attributes()->set_birth_date("1980-02-29");
  request.mutable_origin()->set_channel(v1::COLLECTION_CHANNEL_SURVEY);
  request.mutable_update_mask()->add_paths("attributes");
  const auto names_of = [&request] {
    const auto read = ReadUpdate(request, /*sees_sensitive=*/false);
    std::vector<std::string> names;
    for (const AttributeValue& value : read->command.attributes) {
      names.emplace_back(DefinitionOf(value.attribute).name);
    }
    return names;
  };
  EXPECT_THAT(names_of(), AllOf(Contains("birth_date"), Contains("locality")));
  EXPECT_THAT(names_of(), Not(Contains("gender")));
  request.mutable_customer()->mutable_attributes()->clear_birth_date();
  EXPECT_THAT(names_of(), Not(Contains("birth_date")));
  request.mutable_update_mask()->add_paths("attributes.birth_date");
  EXPECT_THAT(names_of(), Contains("birth_date")) << "a path of its own means it";
}

TEST(ValidateUpdateCustomer, TellsWhatIsSaidNowFromWhatTheCallerDates) {
  v1::UpdateCustomerRequest request;
  request.mutable_customer()->set_customer_id("c-1");
  request.mutable_origin()->set_channel(v1::COLLECTION_CHANNEL_SURVEY);
  request.mutable_update_mask()->add_paths("attributes.given_name");
  EXPECT_TRUE(ReadUpdate(request)->command.is_said_now);
  *request.mutable_origin()->mutable_occur_time() = ToTimestamp(kNow);
  EXPECT_FALSE(ReadUpdate(request)->command.is_said_now);
}

TEST(ValidateUpdateCustomer, ListsEveryViolationAtOnce) {
  v1::UpdateCustomerRequest request;
  request.mutable_customer()->set_etag("stale");
  request.mutable_customer()->mutable_attributes()->set_region_code("Narnia");
  request.mutable_update_mask()->add_paths("attributes.region_code");
  request.mutable_update_mask()->add_paths("commercial_status");
  EXPECT_THAT(UpdateViolations(request),
              ElementsAre("customer.customer_id", "customer.etag", "update_mask.paths[1]",
                          "customer.attributes.region_code", "origin"));
  EXPECT_THAT(UpdateViolations({}), ElementsAre("customer.customer_id", "update_mask", "origin"));
}

TEST(ValidateUpdateCustomer, NamesEachWrongPathOfTheMask) {
  v1::UpdateCustomerRequest request;
  request.mutable_customer()->set_customer_id("c-1");
  request.mutable_origin()->set_channel(v1::COLLECTION_CHANNEL_SURVEY);
  for (const char* path : {"kind", "attributes.given_name", "attributes.age", "*"}) {
    request.mutable_update_mask()->add_paths(path);
  }
  const auto details = GetErrorDetails(ReadUpdate(request).status());
  ASSERT_TRUE(details.has_value());
  const std::vector<FieldViolation>& violations = details->field_violations;
  ASSERT_EQ(violations.size(), 3u);
  EXPECT_EQ(violations[0].field, "update_mask.paths[0]");
  EXPECT_THAT(violations[0].description, EndsWith("not \"kind\""));
  EXPECT_EQ(violations[1].field, "update_mask.paths[2]");
  EXPECT_THAT(violations[1].description, EndsWith("not \"attributes.age\""));
  EXPECT_EQ(violations[2].field, "update_mask.paths[3]");
  EXPECT_THAT(violations[2].description, EndsWith("not \"*\""));
}

TEST(ValidateUpdateCustomer, BoundsTheMask) {
  v1::UpdateCustomerRequest request;
  request.mutable_customer()->set_customer_id("c-1");
  request.mutable_origin()->set_channel(v1::COLLECTION_CHANNEL_SURVEY);
  for (int i = 0; i < 100; ++i) request.mutable_update_mask()->add_paths("attributes.locality");
  EXPECT_THAT(UpdateViolations(request), ElementsAre());
  request.mutable_update_mask()->add_paths("attributes.locality");
  EXPECT_THAT(UpdateViolations(request), ElementsAre("update_mask"));
}

TEST(ValidateDeleteCustomer, ListsEveryViolationAtOnce) {
  v1::DeleteCustomerRequest request;
  request.set_request_id("1");
  request.set_etag("1");
  EXPECT_THAT(ViolatedFields(ValidateDeleteCustomer(request, kOptional, kNow).status()),
              ElementsAre("request_id", "customer_id", "etag"));
}

}  // namespace
}  // namespace clientele::profile
