#include "services/profile/api/validation/read_requests.h"

#include <string>

#include "common/crypto/secret_key.h"
#include "common/status/error.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/profile/api/validation/locale_codes.h"
#include "services/profile/testing/api_fixture.h"

namespace clientele::profile {
namespace {

using ::testing::ElementsAre;

const PageTokenCodec& Tokens() {
  static const PageTokenCodec tokens(*SecretKey::FromBytes(std::string(kSecretKeyBytes, 'k')));
  return tokens;
}

absl::Status ListStatus(const std::string& filter, const std::string& page_token = "",
                        int page_size = 0) {
  v1::ListCustomersRequest request;
  request.set_filter(filter);
  request.set_page_token(page_token);
  request.set_page_size(page_size);
  return ValidateListCustomers(request, Tokens()).status();
}

TEST(ValidateListCustomers, HidesDeletedCustomersUnlessTheFilterNamesTheState) {
  v1::ListCustomersRequest request;
  const auto plain = ValidateListCustomers(request, Tokens());
  ASSERT_TRUE(plain.ok());
  ASSERT_EQ(plain->filter.comparisons.size(), 1u);
  EXPECT_EQ(plain->filter.comparisons[0].field, "state");
  request.set_filter("state != ACTIVE AND kind = PERSON");
  EXPECT_EQ(ValidateListCustomers(request, Tokens())->filter.comparisons.size(), 2u);
}

TEST(ValidateListCustomers, KeepsTheReasonOfASingleFinding) {
  EXPECT_EQ(GetErrorReason(ListStatus("kind = ")), "INVALID_FILTER");
  EXPECT_EQ(GetErrorReason(ListStatus("knd = PERSON")), "INVALID_FILTER");
  EXPECT_EQ(GetErrorReason(ListStatus("given_name = \"Zoe\"")), "FILTER_NOT_INDEXED");
  EXPECT_EQ(GetErrorReason(ListStatus("attributes.employer = x")), "FILTER_NOT_INDEXED");
  EXPECT_EQ(GetErrorReason(ListStatus("", "forged")), "INVALID_PAGE_TOKEN");
  EXPECT_EQ(GetErrorReason(ListStatus("", "", -1)), "INVALID_ARGUMENT");
}

TEST(ValidateListCustomers, ListsEveryViolationWhenThereAreSeveral) {
  const absl::Status status = ListStatus("knd = PERSON", "forged", -1);
  EXPECT_EQ(GetErrorReason(status), "INVALID_ARGUMENT");
  EXPECT_THAT(ViolatedFields(status), ElementsAre("page_size", "filter", "page_token"));
}

TEST(ValidateListCustomers, BindsATokenToItsFilter) {
  v1::ListCustomersRequest request;
  request.set_filter("kind = PERSON");
  const auto first = ValidateListCustomers(request, Tokens());
  request.set_page_token(*Tokens().Encode({"c-1"}, first->arguments));
  EXPECT_EQ(ValidateListCustomers(request, Tokens())->after_id, "c-1");
  request.set_filter("kind = ORGANIZATION");
  EXPECT_EQ(GetErrorReason(ValidateListCustomers(request, Tokens()).status()),
            "INVALID_PAGE_TOKEN");
}

TEST(ValidateListCustomers, TakesALargerPageAsTheLargest) {
  v1::ListCustomersRequest request;
  request.set_page_size(5000);
  EXPECT_EQ(ValidateListCustomers(request, Tokens())->page_size, 1000);
  request.set_page_size(0);
  EXPECT_EQ(ValidateListCustomers(request, Tokens())->page_size, 100);
}

TEST(ValidateListFacts, ListsEveryViolationAtOnce) {
  v1::ListFactsRequest request;
  request.set_page_size(-1);
  request.set_page_token("forged");
  EXPECT_THAT(ViolatedFields(ValidateListFacts(request, Tokens()).status()),
              ElementsAre("customer_id", "page_size", "page_token"));
}

TEST(ValidateListPurchases, ListsEveryViolationAtOnce) {
  v1::ListPurchasesRequest request;
  request.set_page_size(-1);
  request.set_page_token("forged");
  request.set_filter("gross > 5");
  EXPECT_THAT(ViolatedFields(ValidateListPurchases(request, Tokens()).status()),
              ElementsAre("customer_id", "page_size", "filter", "page_token"));
}

TEST(ValidateListPurchases, DoesNotTakeATokenOfAnotherCustomer) {
  v1::ListPurchasesRequest request;
  request.set_customer_id("c-1");
  const auto first = ValidateListPurchases(request, Tokens());
  request.set_page_token(*Tokens().Encode({"17", "p"}, first->arguments));
  EXPECT_EQ(ValidateListPurchases(request, Tokens())->after->occur_us, 17);
  request.set_customer_id("c-2");
  EXPECT_FALSE(ValidateListPurchases(request, Tokens()).ok());
}

TEST(ValidateListPurchases, DoesNotTakeATokenOfAnotherFilter) {
  v1::ListPurchasesRequest request;
  request.set_customer_id("c-1");
  request.set_filter("channel = web");
  const auto first = ValidateListPurchases(request, Tokens());
  request.set_page_token(*Tokens().Encode({"17", "p"}, first->arguments));
  request.set_page_size(7);
  EXPECT_TRUE(ValidateListPurchases(request, Tokens()).ok());
  request.set_filter("channel = store");
  EXPECT_EQ(GetErrorReason(ValidateListPurchases(request, Tokens()).status()),
            "INVALID_PAGE_TOKEN");
}

TEST(ValidateGetCustomer, ListsEveryViolationAtOnce) {
  v1::GetCustomerRequest request;
  request.set_customer_id("..");
  request.set_min_etag("?");
  request.set_consistency(static_cast<common::v1::Consistency>(99));
  EXPECT_THAT(ViolatedFields(ValidateGetCustomer(request).status()),
              ElementsAre("customer_id", "min_etag", "consistency"));
}

TEST(ValidateGetCustomer, SaysHowCurrentTheAnswerMustBe) {
  v1::GetCustomerRequest request;
  request.set_customer_id("c-1");
  request.set_min_etag("v7");
  request.set_consistency(common::v1::CONSISTENCY_STRONG);
  const CustomerQuery query = ValidateGetCustomer(request).value();
  EXPECT_EQ(query.id.value(), "c-1");
  EXPECT_EQ(query.rule.min_version, 7);
  EXPECT_TRUE(query.rule.strong);
}

TEST(ValidateGetPurchase, ListsEveryViolationAtOnce) {
  EXPECT_THAT(ViolatedFields(ValidateGetPurchase({}).status()),
              ElementsAre("customer_id", "purchase_id"));
}

TEST(ValidateBatchGetCustomers, BoundsTheNumberAndChecksEach) {
  v1::BatchGetCustomersRequest request;
  EXPECT_THAT(ViolatedFields(ValidateBatchGetCustomers(request).status()),
              ElementsAre("customer_ids"));
  request.add_customer_ids("c-1");
  request.add_customer_ids("C");
  request.add_customer_ids("");
  EXPECT_THAT(ViolatedFields(ValidateBatchGetCustomers(request).status()),
              ElementsAre("customer_ids[1]", "customer_ids[2]"));
  for (const char* etag : {"v1", "", "?"}) request.add_min_etags(etag);
  EXPECT_THAT(ViolatedFields(ValidateBatchGetCustomers(request).status()),
              ElementsAre("customer_ids[1]", "customer_ids[2]", "min_etags[2]"));
  request.mutable_min_etags()->RemoveLast();
  EXPECT_THAT(ViolatedFields(ValidateBatchGetCustomers(request).status()),
              ElementsAre("min_etags"));
  request.clear_min_etags();
  request.clear_customer_ids();
  for (int i = 0; i < 1001; ++i) request.add_customer_ids("c-1");
  EXPECT_THAT(ViolatedFields(ValidateBatchGetCustomers(request).status()),
              ElementsAre("customer_ids"));
}

TEST(ValidateLookupCustomers, BoundsTheNumberAndChecksEach) {
  v1::LookupCustomersRequest request;
  EXPECT_THAT(ViolatedFields(ValidateLookupCustomers(request)), ElementsAre("identifiers"));
  request.add_identifiers();
  EXPECT_THAT(ViolatedFields(ValidateLookupCustomers(request)),
              ElementsAre("identifiers[0].type", "identifiers[0].value"));
}

TEST(ValidateLookupCustomers, TakesAnExternalIdentifierWithoutItsSystem) {
  v1::LookupCustomersRequest request;
  request.add_identifiers()->set_type(v1::IDENTIFIER_TYPE_EXTERNAL);
  request.mutable_identifiers(0)->set_value("17850");
  EXPECT_TRUE(ValidateLookupCustomers(request).ok());
  request.mutable_identifiers(0)->set_system("No System");
  EXPECT_THAT(ViolatedFields(ValidateLookupCustomers(request)),
              ElementsAre("identifiers[0].system"));
}

TEST(LocaleCodes, AreCanonicalOrRefused) {
  EXPECT_EQ(CanonicalLanguageCode("ZH-hANS-cn"), "zh-Hans-CN");
  EXPECT_EQ(CanonicalLanguageCode("en"), "en");
  EXPECT_FALSE(CanonicalLanguageCode("english language").has_value());
  EXPECT_FALSE(CanonicalLanguageCode("en-!").has_value());
  EXPECT_EQ(CanonicalRegionCode("gb"), "GB");
  EXPECT_FALSE(CanonicalRegionCode("QQ").has_value());
  EXPECT_FALSE(CanonicalRegionCode("001").has_value());
  EXPECT_FALSE(CanonicalRegionCode("").has_value());
}

}  // namespace
}  // namespace clientele::profile
