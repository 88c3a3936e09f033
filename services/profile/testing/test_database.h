#ifndef SERVICES_PROFILE_TESTING_TEST_DATABASE_H_
#define SERVICES_PROFILE_TESTING_TEST_DATABASE_H_

// SQLite databases with profile's schema.

#include <memory>
#include <string>

#include "common/sql/testing/test_sqlite.h"
#include "services/profile/store/schema.h"

namespace clientele::profile {

// In memory unless a path is given. Aborts on error.
inline std::unique_ptr<sql::Database> OpenTestDatabase(const std::string& path = ":memory:") {
  return sql::OpenTestSqlite(SchemaMigrations(), path);
}

}  // namespace clientele::profile

#endif  // SERVICES_PROFILE_TESTING_TEST_DATABASE_H_
