#include "common/auth/json_web_key_set.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "common/auth/testing/token_signer.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace clientele::auth {
namespace {

using ::testing::HasSubstr;

constexpr SignatureAlgorithm kAlgorithms[] = {
    SignatureAlgorithm::kRs256, SignatureAlgorithm::kPs256, SignatureAlgorithm::kEs256,
    SignatureAlgorithm::kEdDsa};

// Whether `keys` has signed `token`.
absl::Status Verify(const std::string& keys, SignatureAlgorithm algorithm, absl::string_view key_id,
                    const std::string& token) {
  const std::vector<std::string> parts = absl::StrSplit(token, '.');
  return JsonWebKeySet::Parse(keys)->Verify(
      algorithm, key_id, absl::StrCat(parts[0], ".", parts[1]), *DecodeBase64Url(parts[2]));
}

// The examples of the standards.
TEST(JsonWebKeySet, VerifiesTheRsaExampleOfRfc7515) {
  EXPECT_EQ(
      Verify(R"({"keys":[{"kty":"RSA","e":"AQAB","n":"ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbj)"
             R"(i9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEw)"
             R"(OWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo)"
             R"(7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8)"
             R"(NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ"}]})",
             SignatureAlgorithm::kRs256, "",
             "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGF"
             "tcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3"
             "XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiu"
             "B--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi"
             "12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AX"
             "LIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw"),
      absl::OkStatus());
}

TEST(JsonWebKeySet, VerifiesTheEllipticExampleOfRfc7515) {
  EXPECT_EQ(
      Verify(R"({"keys":[{"kty":"EC","crv":"P-256",)"
             R"("x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",)"
             R"("y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}]})",
             SignatureAlgorithm::kEs256, "",
             "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly"
             "9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmX"
             "FCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q"),
      absl::OkStatus());
}

TEST(JsonWebKeySet, VerifiesTheEdwardsExampleOfRfc8037) {
  EXPECT_EQ(
      Verify(R"({"keys":[{"kty":"OKP","crv":"Ed25519",)"
             R"("x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}]})",
             SignatureAlgorithm::kEdDsa, "",
             "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc.hgyY0il_MGCjP0JzlnLWG1P"
             "POt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg"),
      absl::OkStatus());
}

TEST(JsonWebKeySet, TakesASignatureOnlyOfTheNamedKeyAndItsAlgorithm) {
  for (const SignatureAlgorithm algorithm : kAlgorithms) {
    const TokenSigner signer(algorithm, "now");
    const TokenSigner other(algorithm, "next");
    const std::string keys =
        absl::StrCat(R"({"keys":[)", signer.PublicKey(), ",", other.PublicKey(), "]}");
    const std::string token = signer.Sign("{}");
    EXPECT_EQ(Verify(keys, algorithm, "now", token), absl::OkStatus());
    EXPECT_THAT(std::string(Verify(keys, algorithm, "next", token).message()),
                HasSubstr("signature is wrong"));
    EXPECT_THAT(std::string(Verify(keys, algorithm, "gone", token).message()),
                HasSubstr("no key of the key set"));
    EXPECT_THAT(std::string(Verify(keys, algorithm, "", token).message()),
                HasSubstr("several keys"));
    EXPECT_EQ(Verify(signer.KeySet(), algorithm, "", token), absl::OkStatus());
    for (const SignatureAlgorithm claimed : kAlgorithms) {
      EXPECT_EQ(Verify(keys, claimed, "now", token).ok(), claimed == algorithm);
    }
    std::string cut = token;
    cut.resize(cut.size() - 4);
    EXPECT_FALSE(Verify(keys, algorithm, "now", cut).ok());
  }
}

TEST(JsonWebKeySet, LeavesOutKeysThatAreNotTaken) {
  const TokenSigner signer(SignatureAlgorithm::kEdDsa, "good");
  const std::string odd = R"({"kty":"oct","k":"c2VjcmV0","kid":"good"},17,{"kty":"RSA"},)";
  EXPECT_EQ(Verify(absl::StrCat(R"({"keys":[)", odd, signer.PublicKey(), "]}"),
                   SignatureAlgorithm::kEdDsa, "good", signer.Sign("{}")),
            absl::OkStatus());
}

TEST(JsonWebKeySet, SaysWhyItHasNoKeyThatCanBeUsed) {
  const std::string public_key = TokenSigner(SignatureAlgorithm::kEs256, "a").PublicKey();
  const auto with = [&public_key](absl::string_view from, absl::string_view to) {
    return absl::StrCat(R"({"keys":[)", absl::StrReplaceAll(public_key, {{from, to}}), "]}");
  };
  for (const auto& [json, why] : std::vector<std::pair<std::string, std::string>>{
           {"{", "no JSON object with a list called keys"},
           {"[]", "no JSON object with a list called keys"},
           {R"({"keys":{}})", "no JSON object with a list called keys"},
           {R"({"keys":[]})", "it has none"},
           {R"({"keys":[{"kty":"oct","k":"c2VjcmV0"}]})", "of no kind that is taken"},
           {TokenSigner(SignatureAlgorithm::kRs256, "weak", 1024).KeySet(), "shorter than 2048"},
           {with(R"("use":"sig")", R"("use":"enc")"), "not for signatures"},
           {with(R"("use":"sig")", R"("alg":"RS256")"), "not its own"},
           {with(R"("use":"sig")", R"("alg":"HS256")"), "not its own"},
           {with(R"("crv":"P-256")", R"("crv":"P-384")"), "of no kind that is taken"},
           {with(R"("x":")", R"("x":"=)"), "not base64url"},
           {with(R"("x":")", R"("x":"AAAA)"), "malformed"},
           {R"({"keys":[{"kty":"EC","crv":"P-256",)"
            R"("x":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",)"
            R"("y":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}]})",
            "malformed"}}) {
    const absl::Status status = JsonWebKeySet::Parse(json).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << json;
    EXPECT_THAT(std::string(status.message()), HasSubstr(why)) << json;
  }
  std::string many = R"({"keys":[1)";
  for (int i = 0; i < kKeysMax; ++i) {
    absl::StrAppend(&many, ",1");
  }
  EXPECT_THAT(std::string(JsonWebKeySet::Parse(many + "]}").status().message()),
              HasSubstr("more than 64 keys"));
}

}  // namespace
}  // namespace clientele::auth
