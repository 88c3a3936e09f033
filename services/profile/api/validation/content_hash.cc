#include "services/profile/api/validation/content_hash.h"

#include <openssl/evp.h>

#include "common/status/macros.h"

namespace clientele::profile {

std::string ContentHash(absl::string_view canonical_content) {
  std::string digest(32, '\0');
  unsigned int size = 0;
  const int done =
      EVP_Digest(canonical_content.data(), canonical_content.size(),
                 reinterpret_cast<unsigned char*>(digest.data()), &size, EVP_sha256(), nullptr);
  CLIENTELE_CHECK(done == 1 && size == digest.size());
  return digest;
}

}  // namespace clientele::profile
