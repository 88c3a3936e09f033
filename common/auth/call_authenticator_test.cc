#include "common/auth/call_authenticator.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace clientele::auth {
namespace {

class CheckGrantsTest : public testing::Test {
 protected:
  // What is wrong with granting a role to `principal`; empty when nothing is.
  std::string Mistake(const std::string& principal, bool takes_tokens,
                      const CertificateCallers* certificates) {
    const RoleTable roles = *RoleTable::Parse({"reader=*"}, {principal + "=reader"}, {});
    const absl::Status status = CheckGrants(roles, takes_tokens, certificates);
    EXPECT_TRUE(status.ok() || absl::IsInvalidArgument(status)) << status;
    return std::string(status.message());
  }

  const CertificateCallers certificates_ = *CertificateCallers::Parse(
      {"shop=shop.test", "desk=spiffe://test/desk"}, *RoleTable::Parse({}, {}, {}));
};

TEST_F(CheckGrantsTest, TakesWhomACertificateOrATokenMayName) {
  EXPECT_EQ(Mistake("shop", false, &certificates_), "");
  EXPECT_EQ(Mistake("desk", true, &certificates_), "");
  EXPECT_EQ(Mistake("token:ann", true, &certificates_), "");
  EXPECT_EQ(Mistake("token:ann", true, nullptr), "");
}

TEST_F(CheckGrantsTest, RefusesWhomNoCallerCanBe) {
  EXPECT_EQ(Mistake("ann", false, &certificates_),
            "auth.grants: nobody can be ann: auth.certificates has no ann=NAME");
  EXPECT_EQ(Mistake("ann", true, &certificates_),
            "auth.grants: nobody can be ann: auth.certificates has no ann=NAME, and whoever has a "
            "token is token:SUBJECT");
  EXPECT_EQ(Mistake("ann", true, nullptr),
            "auth.grants: nobody can be ann: auth.mode takes no certificates, and whoever has a "
            "token is token:ann");
  EXPECT_EQ(Mistake("token:ann", false, &certificates_),
            "auth.grants: nobody can be token:ann: auth.mode takes no tokens");
}

}  // namespace
}  // namespace clientele::auth
