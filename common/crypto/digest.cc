#include "common/crypto/digest.h"

#include <openssl/evp.h>

#include <memory>

#include "common/status/macros.h"

namespace clientele {
namespace {

struct FreeDigestContext {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};

// One algorithm, for one text after the other. Looking it up and allocating anew for each, as
// EVP_Digest does, takes longer than a short text itself.
class Hasher {
 public:
  explicit Hasher(const char* algorithm) : context_(EVP_MD_CTX_new()) {
    EVP_MD* const type = EVP_MD_fetch(nullptr, algorithm, nullptr);
    CLIENTELE_CHECK(context_ != nullptr && type != nullptr &&
                    EVP_DigestInit_ex2(context_.get(), type, nullptr) == 1);
    EVP_MD_free(type);  // the context holds it
  }

  template <typename Digest>
  Digest Hash(absl::string_view bytes) {
    Digest digest;
    EVP_MD_CTX* const context = context_.get();
    unsigned int length = 0;
    CLIENTELE_CHECK(EVP_MD_CTX_get_size(context) == static_cast<int>(digest.size()));
    CLIENTELE_CHECK(EVP_DigestInit_ex2(context, nullptr, nullptr) == 1 &&
                    EVP_DigestUpdate(context, bytes.data(), bytes.size()) == 1 &&
                    EVP_DigestFinal_ex(context, digest.data(), &length) == 1);
    return digest;
  }

 private:
  const std::unique_ptr<EVP_MD_CTX, FreeDigestContext> context_;
};

}  // namespace

Sha1Digest Sha1Of(absl::string_view bytes) {
  thread_local Hasher hasher("SHA1");
  return hasher.Hash<Sha1Digest>(bytes);
}

Sha256Digest Sha256Of(absl::string_view bytes) {
  thread_local Hasher hasher("SHA256");
  return hasher.Hash<Sha256Digest>(bytes);
}

}  // namespace clientele
