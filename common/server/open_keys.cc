#include "common/server/open_keys.h"

#include "common/crypto/key_file.h"
#include "common/status/macros.h"

namespace clientele::server {

absl::StatusOr<SecretKey> OpenKey(const ServerConfig& config) {
  if (!config.key_file.empty()) {
    return LoadKeyFile(config.key_file);
  }
  if (!config.database_url.empty()) {
    return absl::FailedPreconditionError(
        "key_file is missing: database.url needs it, the same for all services and every replica, "
        "since customers are found by hashes that it made");
  }
  return LoadOrCreateKeyFile(KeyPath(config.data_dir));
}

absl::StatusOr<KeyRing> OpenKeyRing(const ServerConfig& config) {
  if (!config.kek_file.empty()) {
    return LoadKeyRing(config.kek_file);
  }
  if (!config.database_url.empty()) {
    return absl::FailedPreconditionError(
        "encryption.kek_file is missing: database.url needs it, the same for every replica, and "
        "kept apart from the database, which nobody can read without");
  }
  return LoadOrCreateKeyRing(KekPath(config.data_dir));
}

absl::Status CheckKeyFiles(const ServerConfig& config, bool seals) {
  const bool makes_absent = config.database_url.empty();
  if (!config.key_file.empty() || !makes_absent) {
    CLIENTELE_RETURN_IF_ERROR(OpenKey(config).status());
  }
  if (seals && (!config.kek_file.empty() || !makes_absent)) {
    CLIENTELE_RETURN_IF_ERROR(OpenKeyRing(config).status());
  }
  return absl::OkStatus();
}

}  // namespace clientele::server
