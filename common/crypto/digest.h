#ifndef COMMON_CRYPTO_DIGEST_H_
#define COMMON_CRYPTO_DIGEST_H_

// Digests of texts that are at hand as a whole.
//
// Thread safety: any thread, but not from destructors of statics. Out of memory aborts.

#include <array>

#include "absl/strings/string_view.h"

namespace clientele {

using Sha1Digest = std::array<unsigned char, 20>;
using Sha256Digest = std::array<unsigned char, 32>;

// SHA-1 (FIPS 180-4), which forgers have broken: for names only, as UUIDv5 has them.
Sha1Digest Sha1Of(absl::string_view bytes);

// SHA-256 (FIPS 180-4).
Sha256Digest Sha256Of(absl::string_view bytes);

}  // namespace clientele

#endif  // COMMON_CRYPTO_DIGEST_H_
