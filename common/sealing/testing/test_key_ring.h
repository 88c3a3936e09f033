#ifndef COMMON_SEALING_TESTING_TEST_KEY_RING_H_
#define COMMON_SEALING_TESTING_TEST_KEY_RING_H_

// Key-encryption keys of tests.

#include <string>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/crypto/key_ring.h"
#include "common/status/macros.h"

namespace clientele::sealing {

// A line of a key file: the key is 32 times `fill`.
inline std::string TestKeyLine(absl::string_view id, char fill) {
  return absl::StrCat(id, " ", absl::Base64Escape(std::string(kSecretKeyBytes, fill)), "\n");
}

// Aborts when the text is malformed.
inline KeyRing TestKeyRing(absl::string_view text) {
  absl::StatusOr<KeyRing> ring = KeyRing::Parse(text);
  CLIENTELE_CHECK(ring.ok());
  return *std::move(ring);
}

// The same in every test.
inline KeyRing TestKeyRing() { return TestKeyRing(TestKeyLine("k-test", 'k')); }

}  // namespace clientele::sealing

#endif  // COMMON_SEALING_TESTING_TEST_KEY_RING_H_
