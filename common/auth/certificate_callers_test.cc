#include "common/auth/certificate_callers.h"

#include <grpc/grpc_security_constants.h>

#include <map>
#include <utility>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace clientele::auth {
namespace {

using ::testing::HasSubstr;

using Names = std::multimap<std::string, std::string>;

// Nothing to iterate over; only what derives from gRPC's iterator may make one.
struct NoProperties final : grpc::AuthPropertyIterator {};

// A peer whose certificate has the names that a test gives it.
class FakePeer final : public grpc::AuthContext {
 public:
  explicit FakePeer(Names properties) : properties_(std::move(properties)) {}

  bool IsPeerAuthenticated() const override { return true; }
  std::vector<grpc::string_ref> GetPeerIdentity() const override { return {}; }
  std::string GetPeerIdentityPropertyName() const override { return ""; }
  std::vector<grpc::string_ref> FindPropertyValues(const std::string& name) const override {
    std::vector<grpc::string_ref> values;
    const auto [first, last] = properties_.equal_range(name);
    for (auto value = first; value != last; ++value) {
      values.emplace_back(value->second);
    }
    return values;
  }
  grpc::AuthPropertyIterator begin() const override { return NoProperties(); }
  grpc::AuthPropertyIterator end() const override { return NoProperties(); }
  void AddProperty(const std::string&, const grpc::string_ref&) override {}
  bool SetPeerIdentityPropertyName(const std::string&) override { return false; }

 private:
  const Names properties_;
};

const char kDns[] = GRPC_PEER_DNS_PROPERTY_NAME;
const char kUri[] = GRPC_PEER_URI_PROPERTY_NAME;

class CertificateCallersTest : public ::testing::Test {
 protected:
  std::string Refusal(Names names) const {
    const absl::Status status = callers_.Find(FakePeer(std::move(names))).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kUnauthenticated);
    return std::string(status.message());
  }

  const CertificateCallers callers_ = *CertificateCallers::Parse(
      {"loyalty=loyalty.test", "loyalty=spiffe://test/loyalty", "clerk=clerk.test"},
      *RoleTable::Parse({"reader=a.read"}, {"loyalty=reader"}, {"a.read"}));
};

TEST_F(CertificateCallersTest, KnowsACallerByANameOfItsKind) {
  for (const auto& [kind, name] :
       {std::pair(kDns, "loyalty.test"), std::pair(kUri, "spiffe://test/loyalty")}) {
    const auto caller = callers_.Find(FakePeer(Names{{kind, name}, {kDns, "other.test"}}));
    ASSERT_TRUE(caller.ok()) << caller.status();
    EXPECT_EQ((*caller)->principal(), "loyalty");
    EXPECT_TRUE((*caller)->MayDo("a.read"));
  }
  EXPECT_FALSE((*callers_.Find(FakePeer(Names{{kDns, "clerk.test"}})))->MayDo("a.read"));
}

TEST_F(CertificateCallersTest, RefusesWhoHasNoNameOrNoneThatIsAllowed) {
  EXPECT_THAT(Refusal({}), HasSubstr("no certificate with a name"));
  EXPECT_THAT(Refusal({{kDns, "stranger.test"}}), HasSubstr("no name of the certificate"));
  EXPECT_THAT(Refusal({{kUri, "loyalty.test"}}), HasSubstr("no name of the certificate"));
  EXPECT_THAT(Refusal({{GRPC_X509_CN_PROPERTY_NAME, "loyalty.test"}}), HasSubstr("no certificate"));
  EXPECT_THAT(Refusal({{kDns, "loyalty.test"}, {kDns, "clerk.test"}}),
              HasSubstr("several principals"));
}

TEST_F(CertificateCallersTest, RefusesEntriesThatContradictEachOther) {
  const RoleTable none = *RoleTable::Parse({}, {}, {});
  for (const auto& [entries, why] : std::vector<std::pair<std::vector<std::string>, std::string>>{
           {{"clerk"}, "not of the form name=value"},
           {{"clerk=a.test", "other=a.test"}, "a.test is there twice"},
           {{"token:ann=a.test"}, "is a principal of tokens"}}) {
    const absl::Status status = CertificateCallers::Parse(entries, none).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
    EXPECT_THAT(std::string(status.message()), HasSubstr(why));
  }
}

}  // namespace
}  // namespace clientele::auth
