#include "common/server/open_database.h"

#include <utility>

#include "common/sql/postgres_database.h"
#include "common/sql/sqlite_database.h"

namespace clientele::server {

absl::StatusOr<std::unique_ptr<sql::Database>> OpenDatabase(const RuntimeOptions& options,
                                                            sql::StatementObserver observer) {
  if (options.postgres.dsn.empty()) {
    return sql::OpenSqlite({.path = options.database_path,
                            .reader_connections = options.sqlite_reader_connections,
                            .cache_kib = options.sqlite_cache_kib,
                            .observer = std::move(observer)});
  }
  sql::PostgresOptions postgres = options.postgres;
  postgres.observer = std::move(observer);
  return sql::OpenPostgres(postgres);
}

}  // namespace clientele::server
