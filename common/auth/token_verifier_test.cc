#include "common/auth/token_verifier.h"

#include <sys/resource.h>

#include <cstdio>
#include <fstream>

#include "absl/cleanup/cleanup.h"
#include "common/auth/testing/token_signer.h"
#include "common/testing/temp_folder.h"
#include "common/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace clientele::auth {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class TokenVerifierTest : public ::testing::Test {
 protected:
  TokenVerifierTest() { Publish(signer_.KeySet()); }

  void Publish(const std::string& keys) const {
    std::ofstream(folder_.File("new")) << keys;
    ASSERT_EQ(std::rename(folder_.File("new").c_str(), folder_.File("jwks.json").c_str()), 0);
  }

  std::unique_ptr<TokenVerifier> Load() {
    auto loaded = TokenVerifier::Load(
        {.key_set_file = folder_.File("jwks.json"),
         .expected = {.issuer = "i", .audience = "a", .leeway = {}, .roles_claim = "roles"},
         .roles = *RoleTable::Parse({"reader=a.read", "writer=a.write"}, {"token:ann=writer"},
                                    {"a.read", "a.write"}),
         .on_unusable_keys =
             [this](const absl::Status& why) { unusable_.emplace_back(why.message()); }},
        clock_);
    EXPECT_TRUE(loaded.ok()) << loaded.status();
    return *std::move(loaded);
  }

  static std::string Token(const TokenSigner& signer) {
    return signer.Sign(R"({"iss":"i","aud":"a","sub":"ann","exp":1600,"roles":["reader"]})");
  }

  const TempFolder folder_;
  FakeClock clock_{absl::FromUnixSeconds(1000)};
  const TokenSigner signer_{SignatureAlgorithm::kEs256, "old"};
  const TokenSigner next_{SignatureAlgorithm::kEdDsa, "new"};
  std::vector<std::string> unusable_;
};

TEST_F(TokenVerifierTest, KnowsTheCallerWithTheRolesOfTheTokenAndOfTheGrants) {
  const auto verifier = Load();
  const auto caller = verifier->Verify(Token(signer_));
  ASSERT_TRUE(caller.ok()) << caller.status();
  EXPECT_EQ((*caller)->principal(), "token:ann");
  EXPECT_TRUE((*caller)->MayDo("a.read"));
  EXPECT_TRUE((*caller)->MayDo("a.write"));
  EXPECT_FALSE((*caller)->MayDo("a.delete"));
}

TEST_F(TokenVerifierTest, RemembersACallerUntilTheTokenExpires) {
  const auto verifier = Load();
  const std::string token = Token(signer_);
  const auto first = verifier->Verify(token);
  EXPECT_EQ(*verifier->Verify(token), *first);
  clock_.Advance(absl::Seconds(600));
  EXPECT_THAT(std::string(verifier->Verify(token).status().message()), HasSubstr("expired"));
}

TEST_F(TokenVerifierTest, TakesNewKeysWithinASecondAndTheOldOnesNoMore) {
  const auto verifier = Load();
  ASSERT_TRUE(verifier->Verify(Token(signer_)).ok());
  Publish(next_.KeySet());
  clock_.Advance(absl::Seconds(1));
  EXPECT_FALSE(verifier->Verify(Token(signer_)).ok());
  EXPECT_TRUE(verifier->Verify(Token(next_)).ok());
}

TEST_F(TokenVerifierTest, KeepsItsKeysWhileTheNewOnesCannotBeUsed) {
  const auto verifier = Load();
  Publish("{}");
  for (int i = 0; i < 3; ++i) {
    clock_.Advance(absl::Seconds(1));
    EXPECT_TRUE(verifier->Verify(Token(signer_)).ok());
  }
  EXPECT_THAT(unusable_, ElementsAre(HasSubstr("jwks.json cannot be used: it is no JSON object")));
}

TEST_F(TokenVerifierTest, TakesNewKeysThatItCouldNotReadAtFirst) {
  const auto verifier = Load();
  ASSERT_TRUE(verifier->Verify(Token(signer_)).ok());
  Publish(next_.KeySet());
  clock_.Advance(absl::Seconds(1));
  {
    rlimit files{};
    ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &files), 0);
    const absl::Cleanup restore = [files] { setrlimit(RLIMIT_NOFILE, &files); };
    const rlimit none = {.rlim_cur = 0, .rlim_max = files.rlim_max};
    ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &none), 0);
    EXPECT_TRUE(verifier->Verify(Token(signer_)).ok());
  }
  EXPECT_THAT(unusable_, ElementsAre(HasSubstr("jwks.json cannot be read: Too many open files")));
  clock_.Advance(absl::Seconds(1));
  EXPECT_TRUE(verifier->Verify(Token(next_)).ok());
  EXPECT_FALSE(verifier->Verify(Token(signer_)).ok());
}

TEST_F(TokenVerifierTest, IsNotMadeWithoutKeys) {
  Publish("{}");
  EXPECT_EQ(TokenVerifier::Load({.key_set_file = folder_.File("jwks.json"),
                                 .expected = {},
                                 .roles = *RoleTable::Parse({}, {}, {}),
                                 .on_unusable_keys = nullptr},
                                clock_)
                .status()
                .code(),
            absl::StatusCode::kFailedPrecondition);
}

}  // namespace
}  // namespace clientele::auth
