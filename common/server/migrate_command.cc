#include "common/server/migrate_command.h"

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <system_error>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/server/data_dir.h"
#include "common/server/open_database.h"
#include "common/server/open_keys.h"
#include "common/sql/migration.h"
#include "common/sql/migration_script.h"
#include "common/sql/postgres_database.h"
#include "common/sql/postgres_target.h"
#include "common/status/log_detail.h"
#include "common/status/macros.h"

namespace clientele::server {
namespace {

// The service's options, with the credentials for schema changes where they are set.
RuntimeOptions MigrateOptions(const ServiceDefinition& definition, const ServerConfig& config) {
  RuntimeOptions options = ToRuntimeOptions(definition.service, config);
  if (!config.database_migrate_url.empty()) {
    options.postgres.dsn = config.database_migrate_url;
    options.postgres.password_file = config.database_migrate_password_file;
    options.postgres.password_source = "database.migrate_password_file";
  }
  options.postgres.connections_max = 1;
  return options;
}

// Whether servers that know only what has been applied can go on with `migration`.
bool SuitsServersOfBefore(const sql::Migration& migration,
                          const std::vector<sql::Migration>& pending) {
  const int64_t readable_from = sql::ReadableFrom(migration);
  return readable_from != 0 &&
         std::none_of(pending.begin(), pending.end(), [readable_from](const auto& other) {
           return other.version == readable_from;
         });
}

// Where the tables are, to begin a line with; no user and no file of the URL.
std::string WhereText(const RuntimeOptions& options) {
  if (options.postgres.dsn.empty()) {
    return absl::StrCat("SQLite file ", options.database_path);
  }
  const absl::StatusOr<sql::PostgresTarget> target =
      sql::PostgresTarget::Parse(options.postgres.dsn, {}, options.postgres.schema, "");
  return absl::StrCat("schema ", options.postgres.schema, " of ",
                      target.ok() ? target->place() : "PostgreSQL");
}

// One line. Of two that migrate at once both say what the two of them did.
void PrintApplied(const RuntimeOptions& options, const std::vector<sql::Migration>& applied) {
  const std::string list =
      absl::StrJoin(applied, ", ", [](std::string* out, const sql::Migration& migration) {
        absl::StrAppend(out, migration.version, " ", migration.name);
      });
  std::printf("%s: %s%s\n", WhereText(options).c_str(), applied.empty() ? "" : "applied ",
              applied.empty() ? "nothing to apply" : list.c_str());
}

// `is_first`: the database has no tables, so there are no servers of before.
void PrintDryRun(const RuntimeOptions& options, const std::vector<sql::Migration>& pending,
                 bool is_first) {
  const bool is_sqlite = options.postgres.dsn.empty();
  std::printf("%s:\n", WhereText(options).c_str());
  for (const sql::Migration& migration : pending) {
    const bool is_online = !is_sqlite && sql::FindOnlineIndex(migration.text).has_value();
    const bool ends_others = !is_first && !SuitsServersOfBefore(migration, pending);
    std::printf("would apply %lld %s%s%s%s\n", static_cast<long long>(migration.version),
                std::string(migration.name).c_str(), is_online ? ", an index built online" : "",
                is_sqlite || migration.citus_text.empty() ? "" : " and distribute its tables",
                ends_others ? ", with which servers of before cannot go on" : "");
  }
  if (pending.empty()) {
    std::printf("nothing to apply\n");
  }
}

absl::StatusOr<bool> Exists(const std::string& path) {
  std::error_code error;
  const bool exists = std::filesystem::exists(path, error);
  if (error) {
    return absl::FailedPreconditionError(
        absl::StrCat("cannot look for ", path, ": ", error.message()));
  }
  return exists;
}

constexpr sql::Statement kFindRole = {"FindRole", "SELECT CAST(current_user AS TEXT)"};

// Whom the database knows us as, to go behind "the role".
std::string FindRole(sql::Database& database) {
  std::string role;
  const absl::Status asked = database.RunReadOnly({}, [&role](sql::Tx& tx) {
    return tx.Query(kFindRole, {}, [&role](const sql::Row& row) {
      role = std::string(row.Text(0));
      return absl::OkStatus();
    });
  });
  return asked.ok() ? role : "of the URL";
}

// `status`, or what to do when the role may not change the schema.
absl::Status ExplainForbidden(const absl::Status& status, sql::Database& database) {
  if (!sql::IsForbiddenToRole(status)) {
    return status;
  }
  return WithLogDetail(
      absl::FailedPreconditionError(absl::StrCat(
          "the role ", FindRole(database),
          " may not make the schema or its tables: run deploy/postgres/roles.sql, or set "
          "database.migrate_url to a role that may")),
      GetLogDetail(status));
}

// As RunMigrate, on what it opened.
absl::Status MigrateOn(sql::Database& database, const std::vector<sql::Migration>& migrations,
                       const RuntimeOptions& options, MigrateMode mode) {
  CLIENTELE_ASSIGN_OR_RETURN(const std::vector<sql::Migration> pending,
                             sql::PendingMigrations(database, migrations));
  if (mode == MigrateMode::kApply) {
    CLIENTELE_RETURN_IF_ERROR(sql::Migrate(database, migrations));
    PrintApplied(options, pending);
  } else if (mode == MigrateMode::kDryRun) {
    PrintDryRun(options, pending, /*is_first=*/pending.size() == migrations.size());
  } else {
    std::printf("%s", sql::MigrationScript(options.postgres.schema, pending).c_str());
  }
  return absl::OkStatus();
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
  if (is_sqlite && mode == MigrateMode::kDryRun) {
    CLIENTELE_ASSIGN_OR_RETURN(const bool exists, Exists(options.database_path));
    if (!exists) {  // looking would make it
      PrintDryRun(options, definition.migrations, /*is_first=*/true);
      return absl::OkStatus();
    }
  }
  std::unique_ptr<DataDir> folder;
  if (is_sqlite) {
    CLIENTELE_ASSIGN_OR_RETURN(folder, DataDir::Open(config.data_dir));
    CLIENTELE_RETURN_IF_ERROR(MakeKeyBeforeDatabase(config, options.database_path));
  }
  CLIENTELE_ASSIGN_OR_RETURN(const std::unique_ptr<sql::Database> database,
                             OpenDatabase(options, nullptr));
  return ExplainForbidden(MigrateOn(*database, definition.migrations, options, mode), *database);
}

}  // namespace clientele::server
