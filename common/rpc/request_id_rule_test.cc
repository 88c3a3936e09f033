#include "common/rpc/request_id_rule.h"

#include <gtest/gtest.h>

namespace clientele::rpc {
namespace {

constexpr char kUuid[] = "0190163d-8694-739b-aea5-966c26f8ad90";

std::string ViolationOf(common::v1::RequestIdRule rule, absl::string_view request_id) {
  Violations violations;
  ValidateRequestId(rule, request_id, violations);
  return violations.empty() ? "" : violations.all()[0].description;
}

TEST(RequestIdRuleTest, RequiresAnIdOnlyWhereTheRuleSaysSo) {
  EXPECT_EQ(ViolationOf(common::v1::REQUEST_ID_RULE_REQUIRED, ""), "is required");
  EXPECT_EQ(ViolationOf(common::v1::REQUEST_ID_RULE_OPTIONAL, ""), "");
  EXPECT_EQ(ViolationOf(common::v1::REQUEST_ID_RULE_REQUIRED, kUuid), "");
  EXPECT_EQ(ViolationOf(common::v1::REQUEST_ID_RULE_OPTIONAL, kUuid), "");
}

TEST(RequestIdRuleTest, RefusesAnIdThatIsNoUuid) {
  EXPECT_EQ(ViolationOf(common::v1::REQUEST_ID_RULE_OPTIONAL, "7"), "must be a UUID");
  EXPECT_EQ(ViolationOf(common::v1::REQUEST_ID_RULE_REQUIRED, "7"), "must be a UUID");
}

TEST(RequestIdRuleTest, NamesTheFieldBesideOtherViolations) {
  Violations violations;
  violations.Add("amount_minor", "must be positive");
  ValidateRequestId(common::v1::REQUEST_ID_RULE_REQUIRED, "", violations);
  ASSERT_EQ(violations.all().size(), 2u);
  EXPECT_EQ(violations.all()[1].field, "request_id");
}

}  // namespace
}  // namespace clientele::rpc
