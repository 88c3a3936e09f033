#include "services/segmentation/testing/test_database.h"

#include "common/sql/migration.h"
#include "common/sql/sqlite_database.h"
#include "common/status/macros.h"
#include "services/segmentation/store/schema.h"

namespace clientele::segmentation {

std::unique_ptr<sql::Database> OpenTestDatabase(const std::string& path) {
  auto database = sql::OpenSqlite({.path = path});
  CLIENTELE_CHECK(database.ok());
  CLIENTELE_CHECK(sql::Migrate(**database, SchemaMigrations()).ok());
  return *std::move(database);
}

}  // namespace clientele::segmentation
