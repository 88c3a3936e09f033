#ifndef COMMON_SERVER_SERVER_CONFIG_H_
#define COMMON_SERVER_SERVER_CONFIG_H_

// The configuration every service has.

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/config/config_schema.h"
#include "common/server/cache_config.h"
#include "common/server/principal_limits.h"
#include "common/server/security_config.h"
#include "common/server/service_runtime.h"

namespace clientele::server {

// Each field is a key of the configuration, described at AddServerKeys; the values here are the
// defaults. Units stand in the names.
struct ServerConfig {
  std::string data_dir;
  std::string key_file;
  std::string kek_file;
  std::string grpc_address;
  std::string ops_host = "127.0.0.1";
  int64_t ops_port = 0;
  int64_t executor_threads = Executor::kDefaultThreadLimit;
  int64_t executor_waiting_max = 1024;
  std::string database_url;
  std::string database_password_file;
  std::string database_migrate_url;
  std::string database_migrate_password_file;
  std::string database_schema;
  int64_t database_pool_size = 16;
  int64_t sqlite_cache_kib = 16384;
  int64_t sqlite_readers = 4;
  CacheConfig cache;
  SecurityConfig security;
  LimitsConfig limits;
  std::string replica_name;
  absl::Duration drain_delay = absl::ZeroDuration();
  absl::Duration idempotency_retention = absl::Hours(24 * 7);
  absl::Duration feed_retention = absl::ZeroDuration();
  absl::Duration feed_consumer_expiry = absl::Hours(24 * 7);
  bool feed_bootstrap_when_behind = false;
  std::string log_level = "info";
};

// The defaults of a service: its ports, and a folder of its own under /var/lib/clientele.
ServerConfig DefaultServerConfig(absl::string_view service, int grpc_port, int ops_port);

// The key that a server takes anew at SIGHUP, beside kLimitsKeys.
inline constexpr char kLogLevelKey[] = "log.level";

// Adds the keys to `schema`; `config` outlives it.
void AddServerKeys(ConfigSchema& schema, ServerConfig& config);

// Adds the keys of services that seal what they store.
void AddSealingKeys(ConfigSchema& schema, ServerConfig& config);

// What the runtime needs of a loaded configuration.
RuntimeOptions ToRuntimeOptions(absl::string_view service, const ServerConfig& config);

// DIR/<service>.db: where a service keeps its database in a data folder.
std::string DatabasePath(absl::string_view data_dir, absl::string_view service);

// DIR/key: the secret that is made before the database is.
std::string KeyPath(absl::string_view data_dir);

// DIR/kek: the key-encryption key that is made at the first start.
std::string KekPath(absl::string_view data_dir);

}  // namespace clientele::server

#endif  // COMMON_SERVER_SERVER_CONFIG_H_
