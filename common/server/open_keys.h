#ifndef COMMON_SERVER_OPEN_KEYS_H_
#define COMMON_SERVER_OPEN_KEYS_H_

// The keys of a server: from the files that its configuration names, which must be there, or from
// data_dir, where they are made when they are absent. Only beside an SQLite file, which nobody
// shares: those of a PostgreSQL, which outlives folders and has several servers, must be somebody's
// decision. Errors are sentences.

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/crypto/key_ring.h"
#include "common/crypto/secret_key.h"
#include "common/server/server_config.h"

namespace clientele::server {

// The key of hashes and tokens. By another than the database's no customer would be found by e-mail
// again: so none is made where databases are already, and ServiceRuntime::Serve refuses another.
absl::StatusOr<SecretKey> OpenKey(const ServerConfig& config);

// That of a folder of SQLite files, made there when it is absent and no database is there yet.
absl::StatusOr<SecretKey> OpenFolderKey(const std::string& data_dir);

// What `migrate` does before it makes the SQLite file at `database_path`: opens the key, or makes
// the one that OpenKey would not make beside the file any more.
absl::Status MakeKeyBeforeDatabase(const ServerConfig& config, const std::string& database_path);

// The key-encryption keys of a service that seals what it stores.
absl::StatusOr<KeyRing> OpenKeyRing(const ServerConfig& config);

// What OpenKey and, where the service seals, OpenKeyRing refuse, without making any.
absl::Status CheckKeyFiles(const ServerConfig& config, bool seals);

}  // namespace clientele::server

#endif  // COMMON_SERVER_OPEN_KEYS_H_
