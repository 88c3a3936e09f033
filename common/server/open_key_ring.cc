#include "common/server/open_key_ring.h"

namespace clientele::server {

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

absl::Status CheckKeyRing(const ServerConfig& config) {
  const bool makes_one = config.kek_file.empty() && config.database_url.empty();
  return makes_one ? absl::OkStatus() : OpenKeyRing(config).status();
}

}  // namespace clientele::server
