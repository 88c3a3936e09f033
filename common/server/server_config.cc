#include "common/server/server_config.h"

#include <limits.h>
#include <unistd.h>

#include "absl/strings/str_cat.h"
#include "common/observability/log_line.h"
#include "common/server/live_keys.h"
#include "common/sql/postgres_database.h"
#include "common/status/macros.h"

namespace clientele::server {

std::string DatabasePath(absl::string_view data_dir, absl::string_view service) {
  return absl::StrCat(data_dir, "/", service, ".db");
}

std::string KeyPath(absl::string_view data_dir) { return absl::StrCat(data_dir, "/key"); }

std::string KekPath(absl::string_view data_dir) { return absl::StrCat(data_dir, "/kek"); }

ServerConfig DefaultServerConfig(absl::string_view service, int grpc_port, int ops_port) {
  ServerConfig config;
  config.data_dir = absl::StrCat("/var/lib/clientele/", service);
  config.grpc_address = absl::StrCat("127.0.0.1:", grpc_port);
  config.ops_port = ops_port;
  return config;
}

namespace {

void AddDatabaseKeys(ConfigSchema& schema, ServerConfig& config) {
  schema.Add(
      "database.url", &config.database_url,
      TextKey{.doc = "PostgreSQL, as postgresql://user@host:5432/name or keywords, without "
                     "the password; empty = SQLite in data_dir.",
              .kind = TextKey::Kind::kSecret,  // somebody may put the password in all the same
              .allowed = {}});
  schema.Add("database.password_file", &config.database_password_file,
             TextKey{.doc = "File with PostgreSQL's password in its first line, read at each "
                            "connect; empty = none is needed.",
                     .kind = TextKey::Kind::kSecretFile,
                     .allowed = {}});
  schema.Add("database.migrate_url", &config.database_migrate_url,
             TextKey{.doc = "As database.url, for migrate only: a role that may change the schema; "
                            "empty = database.url.",
                     .kind = TextKey::Kind::kSecret,
                     .allowed = {}});
  schema.Add("database.migrate_password_file", &config.database_migrate_password_file,
             TextKey{.doc = "The password for database.migrate_url, as database.password_file.",
                     .kind = TextKey::Kind::kSecretFile,
                     .allowed = {}});
  schema.Add("database.schema", &config.database_schema,
             TextKey{.doc = "PostgreSQL's schema of the service's tables, made by migrate; empty = "
                            "the service's name.",
                     .allowed = {}});
  schema.Add("database.pool_size", &config.database_pool_size,
             IntegerKey{.doc = "Connections to PostgreSQL.",
                        .min = 2,
                        .max = sql::kPostgresConnectionsMax,
                        .unit = "connections"});
  schema.Add("sqlite.cache_kib", &config.sqlite_cache_kib,
             IntegerKey{.doc = "Page cache of the writing connection; readers have a quarter each.",
                        .min = 64,
                        .max = 4 << 20,
                        .unit = "KiB"});
  schema.Add("sqlite.readers", &config.sqlite_readers,
             IntegerKey{.doc = "Reading connections.", .min = 1, .max = 64, .unit = "connections"});
}

void AddFeedKeys(ConfigSchema& schema, ServerConfig& config) {
  schema.Add("replica_name", &config.replica_name,
             TextKey{.doc = "This process among those that share its database, the same after a "
                            "restart: its pod's name; empty = host and grpc.address.",
                     .allowed = {}});
  schema.Add("feed.retention", &config.feed_retention,
             DurationKey{.doc = "How long events are kept, and longer while a registered consumer "
                                "has not had them; 0s = for ever.",
                         .max = absl::Hours(24 * 3660)});
  schema.Add("feed.consumer_expiry", &config.feed_consumer_expiry,
             DurationKey{.doc = "How long a registered consumer may be silent before no events are "
                                "kept for it.",
                         .min = absl::Hours(1),
                         .max = absl::Hours(24 * 366)});
  schema.Add("feed.bootstrap_when_behind", &config.feed_bootstrap_when_behind,
             BoolKey{.doc = "Whether this service takes an export of all it consumes once its "
                            "source no longer keeps events that it has missed; else it stops "
                            "there."});
}

std::string ReplicaName(const ServerConfig& config) {
  if (!config.replica_name.empty()) {
    return config.replica_name;
  }
  if (config.database_url.empty()) {
    return "local";  // nobody shares an SQLite file, wherever it is moved to
  }
  char host[HOST_NAME_MAX + 1] = {};
  CLIENTELE_CHECK(gethostname(host, HOST_NAME_MAX) == 0);
  return absl::StrCat(host, "/", config.grpc_address);
}

}  // namespace

void AddServerKeys(ConfigSchema& schema, ServerConfig& config) {
  schema.Add(
      "data_dir", &config.data_dir,
      TextKey{.doc = "Folder of the SQLite database and, unless key_file is set, of the key; with "
                     "database.url nothing is kept there.",
              .kind = TextKey::Kind::kPath,
              .allowed = {}});
  schema.Add(
      "key_file", &config.key_file,
      TextKey{.doc = "File with the 32-byte secret of page tokens and identifier hashes, mode "
                     "0600, which must be there; needed with database.url. Empty = made in "
                     "data_dir before the database is. A server refuses to serve with another "
                     "one than its database was written with.",
              .kind = TextKey::Kind::kSecretFile,
              .allowed = {}});
  schema.Add(
      "grpc.address", &config.grpc_address,
      TextKey{.doc = "Where gRPC listens, host:port; port 0 picks one. Beyond loopback it wants "
                     "tls and auth, or insecure.",
              .allowed = {}});
  schema.Add(
      "ops.host", &config.ops_host,
      TextKey{.doc =
                  "Where the ops HTTP port listens, an IPv4 address or localhost: plain HTTP for "
                  "probes and Prometheus, without customer data.",
              .allowed = {}});
  schema.Add(
      "ops.port", &config.ops_port,
      IntegerKey{.doc = "The ops HTTP port; 0 picks one.", .min = 0, .max = 65535, .unit = ""});
  schema.Add("executor.threads", &config.executor_threads,
             IntegerKey{.doc = "Threads that run handlers, at most: made when they are needed. As "
                               "many calls can share a commit.",
                        .min = 1,
                        .max = 1024,
                        .unit = "threads"});
  schema.Add("executor.waiting_max", &config.executor_waiting_max,
             IntegerKey{.doc = "Calls that may wait for a thread before others are refused, "
                               "an eighth of them writes only.",
                        .min = 1,
                        .max = 100000,
                        .unit = "calls"});
  AddDatabaseKeys(schema, config);
  AddCacheKeys(schema, config.cache);
  AddSecurityKeys(schema, config.security);
  AddLimitsKeys(schema, config.limits);
  schema.Add("drain_delay", &config.drain_delay,
             DurationKey{.doc = "How long a stopping server says it is unready before it takes no "
                                "more calls.",
                         .max = absl::Minutes(10)});
  schema.Add("idempotency.retention", &config.idempotency_retention,
             DurationKey{.doc = "How long the answer of a request_id is remembered.",
                         .min = absl::Hours(24 * 7),
                         .max = absl::Hours(24 * 366)});
  AddFeedKeys(schema, config);
  AddLogLevelKey(schema, config.log_level);
}

void AddSealingKeys(ConfigSchema& schema, ServerConfig& config) {
  schema.Add("encryption.kek_file", &config.kek_file,
             TextKey{.doc = "File with the key-encryption keys, a line each: an id, a blank, 32 "
                            "bytes in base64; the first encrypts the customers' keys, all decrypt "
                            "them; mode 0600. Without it what is stored cannot be read: back it up "
                            "apart. Empty = made in data_dir at the first start, with SQLite only.",
                     .kind = TextKey::Kind::kSecretFile,
                     .allowed = {}});
}

RuntimeOptions ToRuntimeOptions(absl::string_view service, const ServerConfig& config) {
  const auto level = LogLevelFromName(config.log_level);
  CLIENTELE_CHECK(level.has_value());  // the schema allows no other
  return {.bind_address = config.grpc_address,
          .database_path = DatabasePath(config.data_dir, service),
          .key_path = config.key_file.empty() ? KeyPath(config.data_dir) : config.key_file,
          .executor = {.thread_limit = static_cast<int>(config.executor_threads),
                       .arrival_limit = static_cast<int>(config.executor_waiting_max)},
          .sqlite_cache_kib = config.sqlite_cache_kib,
          .sqlite_reader_connections = static_cast<int>(config.sqlite_readers),
          .postgres = {.dsn = config.database_url,
                       .password_file = config.database_password_file,
                       .schema = config.database_schema.empty() ? std::string(service)
                                                                : config.database_schema,
                       .application_name = absl::StrCat("clientele-", service),
                       .connections_max = static_cast<int>(config.database_pool_size)},
          .cache = config.cache,
          .security = config.security,
          .limits = config.limits,
          .replica_name = ReplicaName(config),
          .drain_delay = config.drain_delay,
          .idempotency_retention = config.idempotency_retention,
          .feed_retention = {.keep = config.feed_retention == absl::ZeroDuration()
                                         ? absl::InfiniteDuration()
                                         : config.feed_retention,
                             .consumer_silence_max = config.feed_consumer_expiry},
          .feed_bootstrap_when_behind = config.feed_bootstrap_when_behind,
          .log_level = *level};
}

}  // namespace clientele::server
