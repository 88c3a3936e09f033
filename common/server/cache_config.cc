#include "common/server/cache_config.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "common/cache/limits.h"
#include "common/cache/redis/tls.h"
#include "common/config/cgroup.h"
#include "common/status/macros.h"

namespace clientele::server {
namespace {

constexpr int64_t kMib = int64_t{1} << 20;
// What is taken of the memory that this process may use, when memory_mib does not say.
constexpr int64_t kMemoryShare = 16;
constexpr int64_t kMemoryMibMin = 8;
constexpr int64_t kMemoryMibMax = 4096;
constexpr int64_t kDefaultMemoryMibMax = 512;
constexpr size_t kPrefixBytesMax = 63;

void AddRedisKeys(ConfigSchema& schema, CacheConfig& config) {
  schema.Add("redis.addresses", &config.redis_addresses,
             ListKey{.doc = "Redis, as host:port or unix:/path: the one server, or nodes of the "
                            "cluster; empty = each process caches alone, and is up to "
                            "cache.memory_ttl behind what others write."});
  schema.Add("redis.cluster", &config.redis_is_cluster,
             BoolKey{.doc = "Whether redis.addresses are nodes of a Redis Cluster."});
  schema.Add("redis.key_prefix", &config.redis_key_prefix,
             TextKey{.doc = "What every key begins with: one per installation; lower-case letters, "
                            "digits and hyphens.",
                     .allowed = {}});
  schema.Add("redis.user", &config.redis_user,
             TextKey{.doc = "The user of Redis' ACL; empty = the default one.", .allowed = {}});
  schema.Add("redis.password_file", &config.redis_password_file,
             TextKey{.doc = "File with Redis' password in its first line, read at each connect; "
                            "empty = none is needed.",
                     .kind = TextKey::Kind::kSecretFile,
                     .allowed = {}});
  schema.Add("redis.database", &config.redis_database,
             IntegerKey{.doc = "The number of the database; a cluster has only 0.",
                        .min = 0,
                        .max = 1023,
                        .unit = ""});
  schema.Add(
      "redis.connections", &config.redis_connections,
      IntegerKey{
          .doc = "Connections to each node at most.", .min = 1, .max = 256, .unit = "connections"});
  schema.Add("redis.latency_budget", &config.redis_latency_budget,
             DurationKey{.doc = "How long a call waits for Redis before it goes on without.",
                         .min = absl::Milliseconds(1),
                         .max = absl::Seconds(5)});
}

void AddTlsKeys(ConfigSchema& schema, CacheConfig& config) {
  schema.Add("redis.tls", &config.redis_tls,
             BoolKey{.doc = "Whether connections to Redis use TLS."});
  schema.Add(
      "redis.tls_ca_file", &config.redis_tls_ca_file,
      TextKey{.doc =
                  "PEM file of the authorities that may sign Redis' certificate; redis.tls wants "
                  "it. Those of the system: /etc/ssl/certs/ca-certificates.crt.",
              .kind = TextKey::Kind::kPath,
              .allowed = {}});
  schema.Add("redis.tls_certificate_file", &config.redis_tls_certificate_file,
             TextKey{.doc = "PEM file of the certificate shown to Redis; empty = none.",
                     .kind = TextKey::Kind::kPath,
                     .allowed = {}});
  schema.Add("redis.tls_key_file", &config.redis_tls_key_file,
             TextKey{.doc = "PEM file of that certificate's key.",
                     .kind = TextKey::Kind::kSecretFile,
                     .allowed = {}});
  schema.Add("redis.tls_server_name", &config.redis_tls_server_name,
             TextKey{.doc = "The name that Redis' certificate must be for; empty = the host that "
                            "is connected to.",
                     .allowed = {}});
}

absl::Status CheckPrefix(const std::string& prefix) {
  const bool is_sound = !prefix.empty() && prefix.size() <= kPrefixBytesMax &&
                        std::all_of(prefix.begin(), prefix.end(), [](unsigned char c) {
                          return absl::ascii_islower(c) || absl::ascii_isdigit(c) || c == '-';
                        });
  return is_sound ? absl::OkStatus()
                  : absl::InvalidArgumentError(
                        absl::StrCat("redis.key_prefix: \"", prefix,
                                     "\" is not 1 to 63 lower-case letters, digits and hyphens"));
}

// Whether the keys of Redis' TLS belong together.
absl::Status CheckTlsKeys(const CacheConfig& config) {
  const std::pair<const char*, const std::string&> only_with_tls[] = {
      {"redis.tls_ca_file", config.redis_tls_ca_file},
      {"redis.tls_certificate_file", config.redis_tls_certificate_file},
      {"redis.tls_key_file", config.redis_tls_key_file},
      {"redis.tls_server_name", config.redis_tls_server_name}};
  for (const auto& [key, value] : only_with_tls) {
    if (!config.redis_tls && !value.empty()) {
      return absl::InvalidArgumentError(absl::StrCat(key, " is set, but redis.tls is false"));
    }
  }
  if (config.redis_tls && config.redis_tls_ca_file.empty()) {
    return absl::InvalidArgumentError("redis.tls needs redis.tls_ca_file");
  }
  if (config.redis_tls_certificate_file.empty() != config.redis_tls_key_file.empty()) {
    return absl::InvalidArgumentError(config.redis_tls_key_file.empty()
                                          ? "redis.tls_certificate_file needs redis.tls_key_file"
                                          : "redis.tls_key_file needs redis.tls_certificate_file");
  }
  return absl::OkStatus();
}

absl::Status CheckMemory(const CacheConfig& config) {
  return config.memory_mib == 0 || config.memory_mib >= kMemoryMibMin
             ? absl::OkStatus()
             : absl::InvalidArgumentError(absl::StrCat("cache.memory_mib must be 0 or at least ",
                                                       kMemoryMibMin, ", not ", config.memory_mib));
}

absl::StatusOr<redis::TopologyOptions> MakeTopologyOptions(const CacheConfig& config) {
  redis::TopologyOptions options;
  options.is_cluster = config.redis_is_cluster;
  for (const std::string& text : config.redis_addresses) {
    CLIENTELE_ASSIGN_OR_RETURN(redis::Address address, redis::ParseAddress(text));
    options.addresses.push_back(std::move(address));
  }
  if (!options.is_cluster && options.addresses.size() > 1) {
    return absl::InvalidArgumentError(
        "redis.addresses: there are several, but redis.cluster is false");
  }
  if (options.is_cluster && config.redis_database != 0) {
    return absl::InvalidArgumentError("redis.database: a cluster has only 0");
  }
  options.node.login.user = config.redis_user;
  options.node.login.password_file = config.redis_password_file;
  options.node.login.database = static_cast<int>(config.redis_database);
  options.node.connections_max = static_cast<int>(config.redis_connections);
  options.node.latency_budget = config.redis_latency_budget;
  if (config.redis_tls) {
    CLIENTELE_ASSIGN_OR_RETURN(
        options.node.login.tls,
        redis::TlsContext::Load({.ca_file = config.redis_tls_ca_file,
                                 .certificate_file = config.redis_tls_certificate_file,
                                 .key_file = config.redis_tls_key_file,
                                 .server_name = config.redis_tls_server_name}));
  }
  return options;
}

int64_t MemoryMib(const CacheConfig& config) {
  if (config.memory_mib > 0) {
    return config.memory_mib;
  }
  return std::clamp(ReadMachineLimits().memory_bytes / kMemoryShare / kMib, kMemoryMibMin,
                    kDefaultMemoryMibMax);
}

}  // namespace

void AddCacheKeys(ConfigSchema& schema, CacheConfig& config) {
  schema.Add("cache.enabled", &config.enabled,
             BoolKey{.doc = "Whether reads may come from the cache; false = every read is read "
                            "from the database."});
  schema.Add("cache.memory_mib", &config.memory_mib,
             IntegerKey{.doc = "Memory of the cache in the process, 8 at least; 0 = a sixteenth of "
                               "what the process may use, 512 at most.",
                        .min = 0,
                        .max = kMemoryMibMax,
                        .unit = "MiB"});
  schema.Add("cache.memory_ttl", &config.memory_ttl,
             DurationKey{.doc = "How long the process keeps what it read.",
                         .min = absl::Milliseconds(1),
                         .max = cache::kMemoryTtlMax});
  schema.Add("cache.shared_ttl", &config.shared_ttl,
             DurationKey{.doc = "How long Redis keeps what was read: with memory_ttl and a second "
                                "the most that a read can be behind.",
                         .min = absl::Seconds(1),
                         .max = absl::Hours(24)});
  schema.Add("cache.absent_ttl", &config.absent_ttl,
             DurationKey{.doc = "How long it is remembered that something does not exist; "
                                "shared_ttl at most.",
                         .min = absl::Milliseconds(1),
                         .max = absl::Hours(1)});
  AddRedisKeys(schema, config);
  AddTlsKeys(schema, config);
}

absl::StatusOr<cache::CacheStackOptions> MakeCacheOptions(absl::string_view service,
                                                          const CacheConfig& config,
                                                          int connections) {
  CLIENTELE_RETURN_IF_ERROR(CheckPrefix(config.redis_key_prefix));
  CLIENTELE_RETURN_IF_ERROR(CheckTlsKeys(config));
  CLIENTELE_RETURN_IF_ERROR(CheckMemory(config));
  cache::CacheStackOptions options;
  options.cache.prefix = config.redis_key_prefix;
  options.cache.service = std::string(service);
  options.cache.memory_bytes_max = MemoryMib(config) * kMib;
  options.cache.memory_ttl = config.memory_ttl;
  options.cache.shared_ttl = config.shared_ttl;
  options.cache.absent_ttl = config.absent_ttl;
  options.cache.is_on = config.enabled;
  // The rest is for writes and for reads that no cache serves.
  options.cache.loads_max = std::max(connections / 2, 1);
  if (config.enabled && !config.redis_addresses.empty()) {
    CLIENTELE_ASSIGN_OR_RETURN(options.redis, MakeTopologyOptions(config));
  }
  return options;
}

}  // namespace clientele::server
