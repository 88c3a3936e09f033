#ifndef COMMON_SERVER_CACHE_CONFIG_H_
#define COMMON_SERVER_CACHE_CONFIG_H_

// The configuration of a service's cache and of the Redis behind it.

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/cache/cache_stack.h"
#include "common/config/config_schema.h"

namespace clientele::server {

// Each field is a key of the configuration, described at AddCacheKeys; the values here are the
// defaults. Units stand in the names.
struct CacheConfig {
  bool enabled = true;
  int64_t memory_mib = 0;
  absl::Duration memory_ttl = absl::Seconds(1);
  absl::Duration shared_ttl = absl::Seconds(60);
  absl::Duration absent_ttl = absl::Seconds(5);

  std::vector<std::string> redis_addresses;
  bool redis_is_cluster = false;
  std::string redis_key_prefix = "clientele";
  std::string redis_user;
  std::string redis_password_file;
  int64_t redis_database = 0;
  int64_t redis_connections = 16;
  absl::Duration redis_latency_budget = absl::Milliseconds(20);
  bool redis_tls = false;
  std::string redis_tls_ca_file;
  std::string redis_tls_certificate_file;
  std::string redis_tls_key_file;
  std::string redis_tls_server_name;
};

// Adds the keys cache.* and redis.* to `schema`; `config` outlives it.
void AddCacheKeys(ConfigSchema& schema, CacheConfig& config);

// What the cache of `service` is made with. `connections` is how many the database has. The error
// is a sentence: an address is none, a prefix is malformed, a TLS file cannot be used, the
// memory is too little, keys contradict each other.
absl::StatusOr<cache::CacheStackOptions> MakeCacheOptions(absl::string_view service,
                                                          const CacheConfig& config,
                                                          int connections);

}  // namespace clientele::server

#endif  // COMMON_SERVER_CACHE_CONFIG_H_
