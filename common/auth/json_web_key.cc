#include "common/auth/json_web_key.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/rsa.h>

#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/status/macros.h"

namespace clientele::auth {
namespace {

constexpr int kRsaBitsMin = 2048;
constexpr size_t kP256CoordinateBytes = 32;
constexpr size_t kEd25519Bytes = 32;

template <auto Free>
struct Deleter {
  template <typename T>
  void operator()(T* pointer) const {
    Free(pointer);
  }
};
using BigNumber = std::unique_ptr<BIGNUM, Deleter<BN_free>>;
using ParamBuilder = std::unique_ptr<OSSL_PARAM_BLD, Deleter<OSSL_PARAM_BLD_free>>;
using Params = std::unique_ptr<OSSL_PARAM, Deleter<OSSL_PARAM_free>>;
using KeyContext = std::unique_ptr<EVP_PKEY_CTX, Deleter<EVP_PKEY_CTX_free>>;
using DigestContext = std::unique_ptr<EVP_MD_CTX, Deleter<EVP_MD_CTX_free>>;
using EcdsaSignature = std::unique_ptr<ECDSA_SIG, Deleter<ECDSA_SIG_free>>;
using SharedKey = std::shared_ptr<EVP_PKEY>;

const unsigned char* Bytes(absl::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

BigNumber ToNumber(absl::string_view bytes) {
  return BigNumber(BN_bin2bn(Bytes(bytes), static_cast<int>(bytes.size()), nullptr));
}

// Null when OpenSSL does not take the parameters for a public key of the kind `name`.
SharedKey FromParams(const char* name, OSSL_PARAM_BLD& builder) {
  const Params params(OSSL_PARAM_BLD_to_param(&builder));
  const KeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, name, nullptr));
  EVP_PKEY* key = nullptr;
  if (EVP_PKEY_fromdata_init(context.get()) != 1 ||
      EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, params.get()) != 1) {
    ERR_clear_error();
    return nullptr;
  }
  return {key, EVP_PKEY_free};
}

SharedKey MakeRsaKey(absl::string_view modulus, absl::string_view exponent) {
  const BigNumber n = ToNumber(modulus);
  const BigNumber e = ToNumber(exponent);
  const ParamBuilder builder(OSSL_PARAM_BLD_new());
  OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, n.get());
  OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, e.get());
  SharedKey key = FromParams("RSA", *builder);
  return key != nullptr && EVP_PKEY_get_bits(key.get()) >= kRsaBitsMin ? key : nullptr;
}

SharedKey MakeP256Key(absl::string_view x, absl::string_view y) {
  if (x.size() != kP256CoordinateBytes || y.size() != kP256CoordinateBytes) {
    return nullptr;
  }
  const std::string point = absl::StrCat("\x04", x, y);  // uncompressed
  const ParamBuilder builder(OSSL_PARAM_BLD_new());
  OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, "prime256v1", 0);
  OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(),
                                   point.size());
  return FromParams("EC", *builder);  // which refuses a point that is not on the curve
}

SharedKey MakeEd25519Key(absl::string_view x) {
  if (x.size() != kEd25519Bytes) {
    return nullptr;
  }
  return {EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, Bytes(x), x.size()),
          EVP_PKEY_free};
}

absl::Status KeyNotTaken(absl::string_view why) {
  return absl::InvalidArgumentError(absl::StrCat("a key ", why));
}

// ECDSA in a token is r and s, 32 bytes each; OpenSSL wants them in DER. "" when they are not.
std::string ToDer(absl::string_view signature) {
  if (signature.size() != 2 * kP256CoordinateBytes) {
    return "";
  }
  const EcdsaSignature pair(ECDSA_SIG_new());
  ECDSA_SIG_set0(pair.get(), ToNumber(signature.substr(0, kP256CoordinateBytes)).release(),
                 ToNumber(signature.substr(kP256CoordinateBytes)).release());
  unsigned char* der = nullptr;
  const int length = i2d_ECDSA_SIG(pair.get(), &der);
  CLIENTELE_CHECK(length > 0);
  std::string text(reinterpret_cast<const char*>(der), static_cast<size_t>(length));
  OPENSSL_free(der);
  return text;
}

struct KeyKind {
  SharedKey key;
  std::vector<SignatureAlgorithm> algorithms;
};

// The key itself and what it can sign with; INVALID_ARGUMENT for a kind that is not taken.
absl::StatusOr<KeyKind> MakeKind(const JsonWebKey::Members& members) {
  const auto n = DecodeBase64Url(members.n);
  const auto e = DecodeBase64Url(members.e);
  const auto x = DecodeBase64Url(members.x);
  const auto y = DecodeBase64Url(members.y);
  if (!n || !e || !x || !y) {
    return KeyNotTaken("has a member that is not base64url");
  }
  if (members.kty == "RSA") {
    return KeyKind{MakeRsaKey(*n, *e), {SignatureAlgorithm::kRs256, SignatureAlgorithm::kPs256}};
  }
  if (members.kty == "EC" && members.crv == "P-256") {
    return KeyKind{MakeP256Key(*x, *y), {SignatureAlgorithm::kEs256}};
  }
  if (members.kty == "OKP" && members.crv == "Ed25519") {
    return KeyKind{MakeEd25519Key(*x), {SignatureAlgorithm::kEdDsa}};
  }
  return KeyNotTaken("is of no kind that is taken: RSA, P-256 or Ed25519");
}

}  // namespace

std::optional<SignatureAlgorithm> ParseSignatureAlgorithm(absl::string_view name) {
  if (name == "RS256") {
    return SignatureAlgorithm::kRs256;
  }
  if (name == "PS256") {
    return SignatureAlgorithm::kPs256;
  }
  if (name == "ES256") {
    return SignatureAlgorithm::kEs256;
  }
  if (name == "EdDSA") {
    return SignatureAlgorithm::kEdDsa;
  }
  return std::nullopt;
}

std::optional<std::string> DecodeBase64Url(absl::string_view text) {
  std::string bytes;
  // Abseil would take padding, blanks, and bits behind the last byte too: two texts of one value.
  return absl::WebSafeBase64Unescape(text, &bytes) && absl::WebSafeBase64Escape(bytes) == text
             ? std::optional(std::move(bytes))
             : std::nullopt;
}

absl::StatusOr<JsonWebKey> JsonWebKey::Make(const Members& members) {
  if (!members.use.empty() && members.use != "sig") {
    return KeyNotTaken("is not for signatures");
  }
  CLIENTELE_ASSIGN_OR_RETURN(KeyKind kind, MakeKind(members));
  if (kind.key == nullptr) {
    return KeyNotTaken("is malformed, or shorter than 2048 bits");
  }
  JsonWebKey key;
  key.id_ = members.kid;
  key.key_ = std::move(kind.key);
  key.algorithms_ = std::move(kind.algorithms);
  if (!members.alg.empty()) {
    const auto only = ParseSignatureAlgorithm(members.alg);
    if (!only.has_value() || !key.IsFor(*only)) {
      return KeyNotTaken("is for an algorithm that is not taken, or not its own");
    }
    key.algorithms_ = {*only};
  }
  return key;
}

bool JsonWebKey::IsFor(SignatureAlgorithm algorithm) const {
  return std::find(algorithms_.begin(), algorithms_.end(), algorithm) != algorithms_.end();
}

bool JsonWebKey::Verifies(SignatureAlgorithm algorithm, absl::string_view text,
                          absl::string_view signature) const {
  CLIENTELE_CHECK(IsFor(algorithm));
  const std::string der = algorithm == SignatureAlgorithm::kEs256 ? ToDer(signature) : "";
  const absl::string_view checked = algorithm == SignatureAlgorithm::kEs256 ? der : signature;
  const EVP_MD* digest = algorithm == SignatureAlgorithm::kEdDsa ? nullptr : EVP_sha256();
  const DigestContext context(EVP_MD_CTX_new());
  EVP_PKEY_CTX* options = nullptr;  // owned by the context
  bool is_ready = EVP_DigestVerifyInit(context.get(), &options, digest, nullptr, key_.get()) == 1;
  if (is_ready && algorithm == SignatureAlgorithm::kPs256) {
    is_ready = EVP_PKEY_CTX_set_rsa_padding(options, RSA_PKCS1_PSS_PADDING) == 1 &&
               EVP_PKEY_CTX_set_rsa_pss_saltlen(options, RSA_PSS_SALTLEN_DIGEST) == 1;
  }
  const bool verifies = is_ready && EVP_DigestVerify(context.get(), Bytes(checked), checked.size(),
                                                     Bytes(text), text.size()) == 1;
  ERR_clear_error();
  return verifies;
}

}  // namespace clientele::auth
