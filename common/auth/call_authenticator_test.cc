#include "common/auth/call_authenticator.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace clientele::auth {
namespace {

class CheckGrantsTest : public testing::Test {
 protected:
  // What is wrong with granting a role to `principal`; empty when nothing is.
  std::string Mistake(const std::string& principal, bool takes_tokens) {
    const RoleTable roles = *RoleTable::Parse({"reader=*"}, {principal + "=reader"}, {});
    const std::vector<std::string> certificates = {"shop=shop.test", "desk=spiffe://test/desk"};
    const absl::Status status = CheckGrants(roles, takes_tokens, certificates);
    EXPECT_TRUE(status.ok() || absl::IsInvalidArgument(status)) << status;
    return std::string(status.message());
  }
};

TEST_F(CheckGrantsTest, TakesWhomACertificateOrATokenMayName) {
  EXPECT_EQ(Mistake("shop", false), "");
  EXPECT_EQ(Mistake("desk", true), "");
  EXPECT_EQ(Mistake("token:ann", true), "");
}

TEST_F(CheckGrantsTest, RefusesWhomNoCallerCanBe) {
  EXPECT_EQ(Mistake("ann", false),
            "auth.grants: nobody can be ann: auth.certificates has no ann=NAME");
  EXPECT_EQ(Mistake("ann", true),
            "auth.grants: nobody can be ann: auth.certificates has no ann=NAME, and whoever has a "
            "token is token:SUBJECT");
  EXPECT_EQ(Mistake("token:ann", false),
            "auth.grants: nobody can be token:ann: auth.mode takes no tokens");
}

}  // namespace
}  // namespace clientele::auth
