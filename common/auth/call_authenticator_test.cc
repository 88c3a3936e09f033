#include "common/auth/call_authenticator.h"

#include <string>
#include <vector>

#include "gtest/gtest.h"

namespace clientele::auth {
namespace {

// What CheckGrants says of a grant to `principal`; "" = nothing.
std::string Refusal(const std::string& principal, bool takes_tokens, bool asks_certificates) {
  const RoleTable roles = *RoleTable::Parse({"reader=a.read"}, {principal + "=reader"}, {"a.read"});
  const CertificateCallers certificates =
      *CertificateCallers::Parse({"clerk=clerk.test", "loyalty=spiffe://test/loyalty"}, roles);
  const absl::Status status =
      CheckGrants(roles, takes_tokens, asks_certificates ? &certificates : nullptr);
  EXPECT_EQ(status.ok() || status.code() == absl::StatusCode::kInvalidArgument, true) << status;
  return std::string(status.message());
}

TEST(CheckGrantsTest, TakesWhoCanCall) {
  for (const std::string principal : {"clerk", "loyalty"}) {
    EXPECT_EQ(Refusal(principal, /*takes_tokens=*/false, /*asks_certificates=*/true), "");
    EXPECT_EQ(Refusal(principal, /*takes_tokens=*/true, /*asks_certificates=*/true), "");
  }
  EXPECT_EQ(Refusal("token:ann", /*takes_tokens=*/true, /*asks_certificates=*/false), "");
  EXPECT_EQ(Refusal("token:ann", /*takes_tokens=*/true, /*asks_certificates=*/true), "");
}

TEST(CheckGrantsTest, RefusesWhoCanNeverCall) {
  EXPECT_EQ(Refusal("ann", /*takes_tokens=*/true, /*asks_certificates=*/false),
            "auth.grants: with this auth.mode callers are token:SUBJECT, and there is no principal "
            "'ann'");
  EXPECT_EQ(Refusal("token:ann", /*takes_tokens=*/false, /*asks_certificates=*/true),
            "auth.grants: with this auth.mode callers are those of auth.certificates, and there is "
            "no principal 'token:ann'");
  EXPECT_EQ(Refusal("clrek", /*takes_tokens=*/true, /*asks_certificates=*/true),
            "auth.grants: with this auth.mode callers are token:SUBJECT and those of "
            "auth.certificates, and there is no principal 'clrek'; did you mean 'clerk'?");
}

}  // namespace
}  // namespace clientele::auth
