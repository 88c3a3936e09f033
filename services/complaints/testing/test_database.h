#ifndef SERVICES_COMPLAINTS_TESTING_TEST_DATABASE_H_
#define SERVICES_COMPLAINTS_TESTING_TEST_DATABASE_H_

// SQLite databases with complaints' schema.

#include <memory>
#include <string>
#include <utility>

#include "common/sql/database.h"
#include "common/sql/migration.h"
#include "common/sql/sqlite_database.h"
#include "common/status/macros.h"
#include "services/complaints/store/schema.h"

namespace clientele::complaints {

// Opens the file `path`, ":memory:" for one without a name. Aborts on error.
inline std::unique_ptr<sql::Database> OpenTestDatabase(const std::string& path = ":memory:") {
  auto database = sql::OpenSqlite({.path = path});
  CLIENTELE_CHECK(database.ok());
  CLIENTELE_CHECK(sql::Migrate(**database, SchemaMigrations()).ok());
  return *std::move(database);
}

}  // namespace clientele::complaints

#endif  // SERVICES_COMPLAINTS_TESTING_TEST_DATABASE_H_
