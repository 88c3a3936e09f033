#ifndef SERVICES_PROFILE_TESTING_TEST_DATABASE_H_
#define SERVICES_PROFILE_TESTING_TEST_DATABASE_H_

// SQLite databases with profile's schema.

#include <memory>
#include <string>
#include <utility>

#include "common/sql/database.h"
#include "common/sql/migration.h"
#include "common/sql/sqlite_database.h"
#include "gtest/gtest.h"
#include "services/profile/store/schema.h"

namespace clientele::profile {

// Opens the file `path`, ":memory:" for one without a name.
inline std::unique_ptr<sql::Database> OpenTestDatabase(const std::string& path = ":memory:") {
  auto database = sql::OpenSqlite({.path = path});
  EXPECT_TRUE(database.ok()) << database.status();
  EXPECT_TRUE(sql::Migrate(**database, SchemaMigrations()).ok());
  return *std::move(database);
}

}  // namespace clientele::profile

#endif  // SERVICES_PROFILE_TESTING_TEST_DATABASE_H_
