#ifndef SERVICES_COMPLAINTS_TESTING_TEST_DATABASE_H_
#define SERVICES_COMPLAINTS_TESTING_TEST_DATABASE_H_

// SQLite databases with complaints' schema.

#include <memory>
#include <string>

#include "common/sql/testing/test_sqlite.h"
#include "services/complaints/store/schema.h"

namespace clientele::complaints {

// In memory unless a path is given. Aborts on error.
inline std::unique_ptr<sql::Database> OpenTestDatabase(const std::string& path = ":memory:") {
  return sql::OpenTestSqlite(SchemaMigrations(), path);
}

}  // namespace clientele::complaints

#endif  // SERVICES_COMPLAINTS_TESTING_TEST_DATABASE_H_
