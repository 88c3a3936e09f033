#include "common/auth/json_web_token.h"

#include "absl/strings/str_cat.h"
#include "common/auth/testing/token_signer.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace clientele::auth {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr char kSound[] = R"("iss":"https://id.test","aud":"clientele","sub":"alice")";

class JsonWebToken : public ::testing::Test {
 protected:
  absl::StatusOr<TokenClaims> Verify(const std::string& token) const {
    return VerifyToken(token, keys_, expected_, now_);
  }
  // Of {kSound, `more`}.
  absl::StatusOr<TokenClaims> VerifyWith(const std::string& more) const {
    return Verify(signer_.Sign(absl::StrCat("{", kSound, ",", more, "}")));
  }
  // Why a token of `claims` is refused.
  std::string Refusal(const std::string& claims) const {
    return std::string(Verify(signer_.Sign(claims)).status().message());
  }
  std::string RefusalOf(const std::string& token) const {
    const absl::Status status = Verify(token).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kUnauthenticated);
    return std::string(status.message());
  }

  const TokenSigner signer_{SignatureAlgorithm::kEs256, "key-1"};
  const JsonWebKeySet keys_ = *JsonWebKeySet::Parse(signer_.KeySet());
  TokenExpectations expected_ = {.issuer = "https://id.test",
                                 .audience = "clientele",
                                 .leeway = absl::Seconds(60),
                                 .roles_claim = "roles"};
  const absl::Time now_ = absl::FromUnixSeconds(1000);
};

TEST_F(JsonWebToken, TellsWhoseItIsAndUntilWhen) {
  const auto claims = VerifyWith(R"("exp":2000,"nbf":900,"roles":["reader","support"])");
  ASSERT_TRUE(claims.ok()) << claims.status();
  EXPECT_EQ(claims->subject, "alice");
  EXPECT_THAT(claims->roles, ElementsAre("reader", "support"));
  EXPECT_EQ(claims->expire_time, absl::FromUnixSeconds(2060));
}

TEST_F(JsonWebToken, CountsClocksThatDifferByTheLeeway) {
  EXPECT_TRUE(VerifyWith(R"("exp":940.5)").ok());
  EXPECT_THAT(std::string(VerifyWith(R"("exp":940)").status().message()), HasSubstr("has expired"));
  EXPECT_TRUE(VerifyWith(R"("exp":2000,"nbf":1060)").ok());
  EXPECT_THAT(std::string(VerifyWith(R"("exp":2000,"nbf":1061)").status().message()),
              HasSubstr("not valid yet"));
}

TEST_F(JsonWebToken, MustBeByTheIssuerForTheAudienceOfSomebodyAndExpire) {
  EXPECT_THAT(Refusal(R"({"aud":"clientele","sub":"a","exp":2000})"), HasSubstr("issuer"));
  EXPECT_THAT(Refusal(R"({"iss":["https://id.test"],"aud":"clientele","sub":"a","exp":2000})"),
              HasSubstr("issuer"));
  for (const char* audience : {R"("aud":"other",)", R"("aud":["a","b"],)", R"("aud":7,)", ""}) {
    EXPECT_THAT(
        Refusal(absl::StrCat(R"({"iss":"https://id.test",)", audience, R"("sub":"a","exp":2000})")),
        HasSubstr("audience"));
  }
  EXPECT_TRUE(Verify(signer_.Sign(R"({"iss":"https://id.test","aud":["x","clientele"],)"
                                  R"("sub":"a","exp":2000})"))
                  .ok());
  EXPECT_THAT(Refusal(absl::StrCat("{", kSound, "}")), HasSubstr("never expires"));
  for (const char* time : {R"("2000")", "null", "[]"}) {
    EXPECT_THAT(std::string(VerifyWith(absl::StrCat(R"("exp":)", time)).status().message()),
                HasSubstr("no number"));
  }
  for (const std::string& subject :
       {std::string(R"("")"), std::string("7"), std::string(R"("a b")"), std::string(R"("\n")"),
        absl::StrCat("\"", std::string(kSubjectBytesMax + 1, 'x'), "\"")}) {
    EXPECT_THAT(Refusal(absl::StrCat(R"({"iss":"https://id.test","aud":"clientele","exp":2000,)",
                                     R"("sub":)", subject, "}")),
                HasSubstr("subject"));
  }
}

TEST_F(JsonWebToken, MustBeSignedInAWayThatIsTaken) {
  const std::string claims = absl::StrCat("{", kSound, R"(,"exp":2000})");
  for (const char* header :
       {R"({"alg":"none"})", R"({"alg":"None","kid":"key-1"})", R"({"alg":"HS256","kid":"key-1"})",
        R"({"alg":"ES384","kid":"key-1"})", R"({"alg":["ES256"]})", R"({"kid":"key-1"})"}) {
    EXPECT_THAT(RefusalOf(signer_.Sign(header, claims)), HasSubstr("algorithm is not taken"));
  }
  EXPECT_THAT(RefusalOf(signer_.Sign(R"({"alg":"RS256","kid":"key-1"})", claims)),
              HasSubstr("no key"));
  EXPECT_THAT(RefusalOf(signer_.Sign(R"({"alg":"ES256","crit":["b64"]})", claims)),
              HasSubstr("critical"));
  EXPECT_THAT(RefusalOf(TokenSigner(SignatureAlgorithm::kEs256, "key-1").Sign(claims)),
              HasSubstr("signature is wrong"));
  EXPECT_TRUE(Verify(signer_.Sign(R"({"alg":"ES256"})", claims)).ok());
}

TEST_F(JsonWebToken, MustHaveItsForm) {
  const std::string sound = signer_.Sign(absl::StrCat("{", kSound, R"(,"exp":2000})"));
  ASSERT_TRUE(Verify(sound).ok());
  for (const std::string& token :
       {std::string(), std::string("."), std::string("a.b"), sound + ".more", sound + "=",
        sound + " ", "e30" + sound, sound.substr(1), sound.substr(0, sound.rfind('.')),
        sound.substr(0, sound.rfind('.') + 1), std::string(kTokenBytesMax + 1, 'x')}) {
    EXPECT_NE(RefusalOf(token), "");
  }
  EXPECT_THAT(RefusalOf(signer_.Sign("no object")), HasSubstr("claims are malformed"));
  EXPECT_THAT(RefusalOf(signer_.Sign("[[", "{}")), HasSubstr("header is malformed"));
  EXPECT_THAT(RefusalOf(signer_.Sign(std::string(5000, '['))), HasSubstr("malformed"));
}

TEST_F(JsonWebToken, IsRefusedWhenAnyOfItsCharactersIsAnother) {
  const std::string sound = signer_.Sign(absl::StrCat("{", kSound, R"(,"exp":2000})"));
  for (size_t i = 0; i < sound.size(); ++i) {
    for (const char other : {'A', 'B', 'x', '9', '-', '.', '='}) {
      std::string changed = sound;
      changed[i] = other;
      EXPECT_EQ(Verify(changed).ok(), changed == sound) << i << " " << other;
    }
  }
}

TEST_F(JsonWebToken, TakesRolesFromAListOrWordsAndFromNothingElse) {
  EXPECT_THAT(VerifyWith(R"("exp":2000,"roles":"a  b")")->roles, ElementsAre("a", "b"));
  EXPECT_THAT(VerifyWith(R"("exp":2000,"roles":["a",7,"b"])")->roles, ElementsAre("a", "b"));
  EXPECT_THAT(VerifyWith(R"("exp":2000,"roles":{"a":"b"})")->roles, IsEmpty());
  EXPECT_THAT(VerifyWith(R"("exp":2000,"groups":["a"])")->roles, IsEmpty());
  std::string many = R"("exp":2000,"roles":["r")";
  for (int i = 0; i < kTokenRolesMax; ++i) {
    absl::StrAppend(&many, R"(,"r")");
  }
  EXPECT_EQ(VerifyWith(many + "]")->roles.size(), size_t{kTokenRolesMax});
  expected_.roles_claim = "";
  EXPECT_THAT(VerifyWith(R"("exp":2000,"":["a"],"roles":["a"])")->roles, IsEmpty());
}

}  // namespace
}  // namespace clientele::auth
