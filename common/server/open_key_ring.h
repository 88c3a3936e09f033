#ifndef COMMON_SERVER_OPEN_KEY_RING_H_
#define COMMON_SERVER_OPEN_KEY_RING_H_

// The key-encryption keys of a service that seals what it stores.

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/crypto/key_ring.h"
#include "common/server/server_config.h"

namespace clientele::server {

// Reads the keys that `config` names, or those in data_dir, which are made when they are absent.
// The error is a sentence. Beside an SQLite file the keys may lie in the same folder; those of a
// PostgreSQL, which outlives folders and has several servers, must be somebody's decision.
absl::StatusOr<KeyRing> OpenKeyRing(const ServerConfig& config);

// What OpenKeyRing refuses, without making any. Errors as there.
absl::Status CheckKeyRing(const ServerConfig& config);

}  // namespace clientele::server

#endif  // COMMON_SERVER_OPEN_KEY_RING_H_
