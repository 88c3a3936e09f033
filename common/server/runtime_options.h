#ifndef COMMON_SERVER_RUNTIME_OPTIONS_H_
#define COMMON_SERVER_RUNTIME_OPTIONS_H_

// What a service's runtime (service_runtime.h) takes from the configuration.

#include <cstdint>
#include <string>

#include "absl/time/time.h"
#include "common/executor/executor.h"
#include "common/feed/feed_trimmer.h"
#include "common/observability/log.h"
#include "common/server/cache_config.h"
#include "common/server/principal_limits.h"
#include "common/server/security_config.h"
#include "common/sql/postgres_database.h"

namespace clientele::server {

// A value.
struct RuntimeOptions {
  std::string bind_address;   // "127.0.0.1:7001"
  std::string database_path;  // of the SQLite file, unless PostgreSQL is used
  std::string key_path;       // where the process's key is from, for messages
  Executor::Options executor;
  int64_t sqlite_cache_kib = 8192;
  int sqlite_reader_connections = 4;
  sql::PostgresOptions postgres;  // used when its dsn is not empty; the runtime observes it
  CacheConfig cache;
  SecurityConfig security;
  LimitsConfig limits;
  // This process among those that share the database, the same after a restart.
  std::string replica_name = "local";
  absl::Duration drain_delay = absl::ZeroDuration();
  absl::Duration idempotency_retention = absl::Hours(24 * 7);
  feed::FeedRetention feed_retention;
  bool feed_bootstrap_when_behind = false;
  LogLevel log_level = LogLevel::kInfo;
};

}  // namespace clientele::server

#endif  // COMMON_SERVER_RUNTIME_OPTIONS_H_
