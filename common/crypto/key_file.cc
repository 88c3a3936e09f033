#include "common/crypto/key_file.h"

#include <optional>
#include <string>
#include <utility>

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

absl::StatusOr<SecretKey> KeyOfBytes(const std::string& path, std::string bytes) {
  const auto wipe = absl::MakeCleanup([&bytes] { WipeText(bytes); });
  if (bytes.size() != kSecretKeyBytes) {
    return absl::FailedPreconditionError(absl::StrFormat(
        "the key file %s has not %d bytes; restore it from a backup", path, kSecretKeyBytes));
  }
  return SecretKey::FromBytes(bytes);
}

}  // namespace

absl::StatusOr<SecretKey> LoadKeyFile(const std::string& path) {
  CLIENTELE_ASSIGN_OR_RETURN(std::optional<std::string> bytes,
                             ReadPrivateFile(path, kSecretKeyBytes));
  if (!bytes.has_value()) {
    return absl::FailedPreconditionError(absl::StrFormat(
        "there is no key file %s; restore it from a backup, or, for a new database, run: umask "
        "077; head -c %d /dev/urandom > %s",
        path, kSecretKeyBytes, path));
  }
  return KeyOfBytes(path, *std::move(bytes));
}

absl::StatusOr<SecretKey> LoadOrCreateKeyFile(const std::string& path) {
  CLIENTELE_ASSIGN_OR_RETURN(std::string bytes,
                             ReadOrCreatePrivateFile(path, kSecretKeyBytes, MakeKeyBytes));
  return KeyOfBytes(path, std::move(bytes));
}

}  // namespace clientele
