#include "common/server/open_keys.h"

#include <filesystem>
#include <system_error>

#include "absl/strings/str_cat.h"
#include "common/crypto/key_file.h"
#include "common/status/macros.h"

namespace clientele::server {
namespace {

// By their names: whose they are does not matter.
bool HoldsDatabases(const std::string& folder) {
  std::error_code error;
  std::filesystem::directory_iterator entry(folder, error);
  for (; !error && entry != std::filesystem::directory_iterator(); entry.increment(error)) {
    if (entry->path().extension() == ".db") {
      return true;
    }
  }
  return false;
}

// Refuses a folder whose databases outlived their key. They are looked for first: who makes both
// makes the key before.
absl::Status CheckFolderKey(const std::string& data_dir) {
  std::error_code error;
  const bool is_lost =
      HoldsDatabases(data_dir) && !std::filesystem::exists(KeyPath(data_dir), error) && !error;
  return is_lost ? absl::FailedPreconditionError(absl::StrCat(
                       "there is no key file ", KeyPath(data_dir), ", but ", data_dir,
                       " holds databases that were written with it; restore it from a backup "
                       "(docs/backup.md), or set key_file to where it is: by a new one customers "
                       "would not be found by their identifiers. Databases that no server ever "
                       "served may be deleted instead"))
                 : absl::OkStatus();
}

}  // namespace

absl::StatusOr<SecretKey> OpenFolderKey(const std::string& data_dir) {
  CLIENTELE_RETURN_IF_ERROR(CheckFolderKey(data_dir));
  return LoadOrCreateKeyFile(KeyPath(data_dir));
}

absl::StatusOr<SecretKey> OpenKey(const ServerConfig& config) {
  if (!config.key_file.empty()) {
    return LoadKeyFile(config.key_file);
  }
  if (!config.database_url.empty()) {
    return absl::FailedPreconditionError(
        "key_file is missing: database.url needs it, the same for all services and every replica, "
        "since customers are found by hashes that it made");
  }
  return OpenFolderKey(config.data_dir);
}

absl::Status MakeKeyBeforeDatabase(const ServerConfig& config, const std::string& database_path) {
  std::error_code error;
  const bool is_made_here = config.key_file.empty() && config.database_url.empty();
  return is_made_here && !std::filesystem::exists(database_path, error) ? OpenKey(config).status()
                                                                        : absl::OkStatus();
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
  } else {
    CLIENTELE_RETURN_IF_ERROR(CheckFolderKey(config.data_dir));
  }
  if (seals && (!config.kek_file.empty() || !makes_absent)) {
    CLIENTELE_RETURN_IF_ERROR(OpenKeyRing(config).status());
  }
  return absl::OkStatus();
}

}  // namespace clientele::server
