#include "common/auth/testing/token_signer.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>

#include <array>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/status/macros.h"

namespace clientele::auth {
namespace {

constexpr size_t kCoordinateBytes = 32;

std::shared_ptr<EVP_PKEY> MakeKey(SignatureAlgorithm algorithm, int rsa_bits) {
  EVP_PKEY* key = nullptr;
  switch (algorithm) {
    case SignatureAlgorithm::kRs256:
    case SignatureAlgorithm::kPs256:
      key = EVP_RSA_gen(static_cast<unsigned int>(rsa_bits));
      break;
    case SignatureAlgorithm::kEs256:
      key = EVP_EC_gen("P-256");
      break;
    case SignatureAlgorithm::kEdDsa:
      key = EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519");
      break;
  }
  CLIENTELE_CHECK(key != nullptr);
  return {key, EVP_PKEY_free};
}

absl::string_view NameOf(SignatureAlgorithm algorithm) {
  switch (algorithm) {
    case SignatureAlgorithm::kRs256:
      return "RS256";
    case SignatureAlgorithm::kPs256:
      return "PS256";
    case SignatureAlgorithm::kEs256:
      return "ES256";
    case SignatureAlgorithm::kEdDsa:
      return "EdDSA";
  }
  return "";
}

std::string BytesOf(const BIGNUM* number, size_t length) {
  std::string bytes(length, '\0');
  CLIENTELE_CHECK(BN_bn2binpad(number, reinterpret_cast<unsigned char*>(bytes.data()),
                               static_cast<int>(length)) >= 0);
  return bytes;
}

// r and s side by side, as tokens have them.
std::string FromDer(const std::string& der) {
  const auto* bytes = reinterpret_cast<const unsigned char*>(der.data());
  const std::shared_ptr<ECDSA_SIG> pair(
      d2i_ECDSA_SIG(nullptr, &bytes, static_cast<long>(der.size())), ECDSA_SIG_free);
  return BytesOf(ECDSA_SIG_get0_r(pair.get()), kCoordinateBytes) +
         BytesOf(ECDSA_SIG_get0_s(pair.get()), kCoordinateBytes);
}

}  // namespace

std::string EncodeBase64Url(absl::string_view bytes) { return absl::WebSafeBase64Escape(bytes); }

TokenSigner::TokenSigner(SignatureAlgorithm algorithm, std::string key_id, int rsa_bits)
    : algorithm_(algorithm), key_id_(std::move(key_id)), key_(MakeKey(algorithm, rsa_bits)) {}

std::string TokenSigner::NumberOf(const char* parameter) const {
  BIGNUM* number = nullptr;
  CLIENTELE_CHECK(EVP_PKEY_get_bn_param(key_.get(), parameter, &number) == 1);
  const std::shared_ptr<BIGNUM> owned(number, BN_free);
  return EncodeBase64Url(BytesOf(number, static_cast<size_t>(BN_num_bytes(number))));
}

std::string TokenSigner::PublicKey() const {
  const std::string head = absl::StrCat(R"({"use":"sig","kid":")", key_id_, R"(",)");
  switch (algorithm_) {
    case SignatureAlgorithm::kRs256:
    case SignatureAlgorithm::kPs256:
      return absl::StrCat(head, R"("kty":"RSA","n":")", NumberOf(OSSL_PKEY_PARAM_RSA_N),
                          R"(","e":")", NumberOf(OSSL_PKEY_PARAM_RSA_E), R"("})");
    case SignatureAlgorithm::kEs256: {
      std::array<unsigned char, 1 + 2 * kCoordinateBytes> point{};
      size_t length = 0;
      CLIENTELE_CHECK(EVP_PKEY_get_octet_string_param(key_.get(), OSSL_PKEY_PARAM_PUB_KEY,
                                                      point.data(), point.size(), &length) == 1);
      const absl::string_view both(reinterpret_cast<const char*>(point.data()) + 1,
                                   2 * kCoordinateBytes);
      return absl::StrCat(head, R"("kty":"EC","crv":"P-256","x":")",
                          EncodeBase64Url(both.substr(0, kCoordinateBytes)), R"(","y":")",
                          EncodeBase64Url(both.substr(kCoordinateBytes)), R"("})");
    }
    case SignatureAlgorithm::kEdDsa: {
      std::string x(kCoordinateBytes, '\0');
      size_t length = x.size();
      CLIENTELE_CHECK(EVP_PKEY_get_raw_public_key(
                          key_.get(), reinterpret_cast<unsigned char*>(x.data()), &length) == 1);
      return absl::StrCat(head, R"("kty":"OKP","crv":"Ed25519","x":")", EncodeBase64Url(x),
                          R"("})");
    }
  }
  return "";
}

std::string TokenSigner::KeySet() const { return absl::StrCat(R"({"keys":[)", PublicKey(), "]}"); }

std::string TokenSigner::Sign(const std::string& claims) const {
  return Sign(absl::StrCat(R"({"alg":")", NameOf(algorithm_), R"(","kid":")", key_id_, R"("})"),
              claims);
}

std::string TokenSigner::Sign(const std::string& header, const std::string& claims) const {
  const std::string text = absl::StrCat(EncodeBase64Url(header), ".", EncodeBase64Url(claims));
  const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
  const std::shared_ptr<EVP_MD_CTX> context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
  EVP_PKEY_CTX* options = nullptr;
  const EVP_MD* digest = algorithm_ == SignatureAlgorithm::kEdDsa ? nullptr : EVP_sha256();
  CLIENTELE_CHECK(EVP_DigestSignInit(context.get(), &options, digest, nullptr, key_.get()) == 1);
  if (algorithm_ == SignatureAlgorithm::kPs256) {
    EVP_PKEY_CTX_set_rsa_padding(options, RSA_PKCS1_PSS_PADDING);
    EVP_PKEY_CTX_set_rsa_pss_saltlen(options, RSA_PSS_SALTLEN_DIGEST);
  }
  size_t length = 0;
  CLIENTELE_CHECK(EVP_DigestSign(context.get(), nullptr, &length, bytes, text.size()) == 1);
  std::string signature(length, '\0');
  CLIENTELE_CHECK(EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()),
                                 &length, bytes, text.size()) == 1);
  signature.resize(length);
  return absl::StrCat(
      text, ".",
      EncodeBase64Url(algorithm_ == SignatureAlgorithm::kEs256 ? FromDer(signature) : signature));
}

}  // namespace clientele::auth
