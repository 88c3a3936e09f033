#include "common/server/config_check.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "common/observability/ops_server.h"
#include "common/rpc/bind_address.h"
#include "common/server/cache_config.h"
#include "common/server/open_keys.h"
#include "common/server/principal_limits.h"
#include "common/server/security_config.h"
#include "common/sql/postgres_database.h"
#include "common/sql/postgres_target.h"
#include "common/status/macros.h"

namespace clientele::server {
namespace {

// `status` with the key in front of its sentence.
absl::Status OfKey(absl::string_view key, const absl::Status& status) {
  return status.ok() ? status
                     : absl::Status(status.code(), absl::StrCat(key, ": ", status.message()));
}

absl::Status CheckDatabase(absl::string_view service, const ServerConfig& config) {
  // Also for SQLite: what is wrong with it shows before it matters.
  if (!config.database_schema.empty() && !sql::IsPostgresSchemaName(config.database_schema)) {
    return absl::InvalidArgumentError(
        "database.schema: it is not a name of at most 63 lower-case letters, digits and "
        "underscores, which no digit begins");
  }
  sql::PostgresOptions options = ToRuntimeOptions(service, config).postgres;
  options.password_file.clear();
  if (!config.database_url.empty()) {
    CLIENTELE_RETURN_IF_ERROR(OfKey("database.url", sql::CheckPostgresOptions(options)));
    options.password_file = config.database_password_file;
    CLIENTELE_RETURN_IF_ERROR(OfKey("database.password_file", sql::CheckPostgresOptions(options)));
  }
  if (config.database_migrate_url.empty()) {
    return absl::OkStatus();
  }
  // Its password is for who migrates to read.
  options.dsn = config.database_migrate_url;
  options.password_file.clear();
  return OfKey("database.migrate_url", sql::CheckPostgresOptions(options));
}

// Whether sockets of the gRPC and of the ops port, an IPv4 one, would want the same place.
bool AreOnePlace(const rpc::BindAddress& grpc, const std::string& ops_host, int64_t ops_port) {
  constexpr absl::string_view kEvery = "0.0.0.0";
  constexpr absl::string_view kEveryOfBothKinds = "::";
  if (grpc.port == 0 || grpc.port != ops_port) {
    return false;
  }
  const bool is_v6 = grpc.host.find(':') != std::string::npos;
  const std::string ops = ops_host == "localhost" ? "127.0.0.1" : ops_host;
  return grpc.host == kEveryOfBothKinds ||
         (!is_v6 && (grpc.host == kEvery || ops == kEvery || grpc.host == ops));
}

absl::Status CheckPorts(const ServerConfig& config, const Security& security) {
  CLIENTELE_ASSIGN_OR_RETURN(const rpc::BindAddress address,
                             rpc::ParseBindAddress(config.grpc_address));
  CLIENTELE_RETURN_IF_ERROR(rpc::CheckMayListen(address, {.is_encrypted = security.tls != nullptr,
                                                          .authenticates = security.authenticates,
                                                          .is_waived = security.insecure}));
  CLIENTELE_RETURN_IF_ERROR(
      CheckOpsServerOptions({.host = config.ops_host, .port = static_cast<int>(config.ops_port)}));
  return AreOnePlace(address, config.ops_host, config.ops_port)
             ? absl::InvalidArgumentError(absl::StrCat("ops.port: ", config.ops_port,
                                                       " is the port of grpc.address already"))
             : absl::OkStatus();
}

}  // namespace

absl::Status CheckConfig(const ServiceDefinition& definition, const ServerConfig& config,
                         const Clock& clock, Logger& logger) {
  // Redis' password is read at each connect: without it servers serve as without Redis.
  CLIENTELE_RETURN_IF_ERROR(
      MakeCacheOptions(definition.service, config.cache, /*connections=*/1).status());
  CLIENTELE_RETURN_IF_ERROR(ParseRates(config.limits).status());
  CLIENTELE_RETURN_IF_ERROR(CheckDatabase(definition.service, config));
  CLIENTELE_RETURN_IF_ERROR(CheckKeyFiles(config, definition.seals));
  CLIENTELE_ASSIGN_OR_RETURN(
      const Security security,
      LoadSecurity(config.security, definition.peer_addresses, clock, logger));
  return CheckPorts(config, security);
}

}  // namespace clientele::server
