#include "common/crypto/keyed_hash.h"

#include <algorithm>

#include "absl/strings/escaping.h"

namespace clientele {

std::array<uint8_t, 32> KeyedHash::Raw(absl::string_view text) const {
  // Deriving is HMAC-SHA256, which is the very function wanted here.
  const SecretKey mac = key_.Derive(text);
  std::array<uint8_t, 32> raw;
  std::copy(mac.bytes().begin(), mac.bytes().end(), raw.begin());
  return raw;
}

std::string KeyedHash::Hex(absl::string_view text) const {
  return absl::BytesToHexString(key_.Derive(text).bytes());
}

}  // namespace clientele
