#include "common/crypto/key_file.h"

#include <string>

#include "absl/cleanup/cleanup.h"
#include "absl/status/status.h"
#include "absl/strings/str_format.h"
#include "common/crypto/private_file.h"
#include "common/status/macros.h"

namespace clientele {
namespace {

absl::StatusOr<std::string> MakeKeyBytes() {
  CLIENTELE_ASSIGN_OR_RETURN(const SecretKey key, SecretKey::Random());
  return std::string(key.bytes());
}

}  // namespace

absl::StatusOr<SecretKey> LoadOrCreateKeyFile(const std::string& path) {
  CLIENTELE_ASSIGN_OR_RETURN(std::string bytes,
                             ReadOrCreatePrivateFile(path, kSecretKeyBytes, MakeKeyBytes));
  const auto wipe = absl::MakeCleanup([&bytes] { WipeText(bytes); });
  if (bytes.size() != kSecretKeyBytes) {
    return absl::FailedPreconditionError(
        absl::StrFormat("the key file %s has not %d bytes; restore it from a backup, or delete it "
                        "to get a new key, "
                        "which voids what the old one made",
                        path, kSecretKeyBytes));
  }
  return SecretKey::FromBytes(bytes);
}

}  // namespace clientele
