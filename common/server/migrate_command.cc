#include "common/server/migrate_command.h"

#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "common/server/data_dir.h"
#include "common/server/open_database.h"
#include "common/sql/migration.h"
#include "common/sql/migration_script.h"
#include "common/status/macros.h"

namespace clientele::server {
namespace {

// The service's options, with the credentials for schema changes where they are set.
RuntimeOptions MigrateOptions(const ServiceDefinition& definition, const ServerConfig& config) {
  RuntimeOptions options = ToRuntimeOptions(definition.service, config);
  if (!config.database_migrate_url.empty()) {
    options.postgres.dsn = config.database_migrate_url;
    options.postgres.password_file = config.database_migrate_password_file;
  }
  options.postgres.connections_max = 1;
  return options;
}

void PrintDryRun(const std::vector<sql::Migration>& pending) {
  for (const sql::Migration& migration : pending) {
    std::printf("would apply %lld %s%s\n", static_cast<long long>(migration.version),
                std::string(migration.name).c_str(),
                migration.citus_text.empty() ? "" : " and distribute its tables");
  }
  if (pending.empty()) {
    std::printf("nothing to apply\n");
  }
}

}  // namespace

absl::Status RunMigrate(const ServiceDefinition& definition, const ServerConfig& config,
                        MigrateMode mode) {
  const RuntimeOptions options = MigrateOptions(definition, config);
  const bool is_sqlite = options.postgres.dsn.empty();
  if (is_sqlite && mode == MigrateMode::kPrintSql) {
    return absl::FailedPreconditionError(
        "--print-sql is for PostgreSQL; there is no database.url, so the data are in SQLite");
  }
  std::unique_ptr<DataDir> folder;
  if (is_sqlite) {
    CLIENTELE_ASSIGN_OR_RETURN(folder, DataDir::Open(config.data_dir));
  }
  CLIENTELE_ASSIGN_OR_RETURN(const std::unique_ptr<sql::Database> database,
                             OpenDatabase(options, nullptr));
  if (mode == MigrateMode::kApply) {
    return sql::Migrate(*database, definition.migrations);
  }
  CLIENTELE_ASSIGN_OR_RETURN(const std::vector<sql::Migration> pending,
                             sql::PendingMigrations(*database, definition.migrations));
  if (mode == MigrateMode::kDryRun) {
    PrintDryRun(pending);
  } else {
    std::printf("%s", sql::MigrationScript(options.postgres.schema, pending).c_str());
  }
  return absl::OkStatus();
}

}  // namespace clientele::server
