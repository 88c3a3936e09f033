#ifndef COMMON_SERVER_MIGRATE_COMMAND_H_
#define COMMON_SERVER_MIGRATE_COMMAND_H_

// The subcommand `migrate` of a server binary.

#include "absl/status/status.h"
#include "common/server/server_config.h"
#include "common/server/service_module.h"

namespace clientele::server {

enum class MigrateMode {
  kApply,     // and say on standard output where, and what was applied
  kDryRun,    // say on standard output where, and what would be applied; makes nothing
  kPrintSql,  // print what a database administrator runs by psql instead
};

// Brings the schema of the service's database up to date, or says what that would take. SQLite's
// file must not be in use (UNAVAILABLE); on PostgreSQL no folder and no key are needed, and
// database.migrate_url is whom it connects as when it is set. The error is a sentence.
absl::Status RunMigrate(const ServiceDefinition& definition, const ServerConfig& config,
                        MigrateMode mode);

}  // namespace clientele::server

#endif  // COMMON_SERVER_MIGRATE_COMMAND_H_
