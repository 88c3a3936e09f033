#ifndef COMMON_SQL_TESTING_TEST_SQLITE_H_
#define COMMON_SQL_TESTING_TEST_SQLITE_H_

// SQLite databases for tests.

#include <memory>
#include <string>
#include <utility>

#include "absl/types/span.h"
#include "common/sql/database.h"
#include "common/sql/migration.h"
#include "common/sql/sqlite_database.h"
#include "common/status/macros.h"

namespace clientele::sql {

// Opens the file `path`, ":memory:" for one without a name, and brings it to the schema of
// `migrations`. Aborts on error.
inline std::unique_ptr<Database> OpenTestSqlite(absl::Span<const Migration> migrations,
                                                const std::string& path = ":memory:") {
  absl::StatusOr<std::unique_ptr<Database>> database = OpenSqlite({.path = path});
  CLIENTELE_CHECK(database.ok());
  CLIENTELE_CHECK(Migrate(**database, migrations).ok());
  return *std::move(database);
}

}  // namespace clientele::sql

#endif  // COMMON_SQL_TESTING_TEST_SQLITE_H_
