#include "services/profile/api/validation/content_hash.h"

#include "common/crypto/digest.h"

namespace clientele::profile {

std::string ContentHash(absl::string_view canonical_content) {
  const Sha256Digest digest = Sha256Of(canonical_content);
  return std::string(digest.begin(), digest.end());
}

}  // namespace clientele::profile
