#ifndef SERVICES_SEGMENTATION_TESTING_TEST_DATABASE_H_
#define SERVICES_SEGMENTATION_TESTING_TEST_DATABASE_H_

// SQLite databases with segmentation's schema.

#include <memory>
#include <string>

#include "common/sql/testing/test_sqlite.h"
#include "services/segmentation/store/schema.h"

namespace clientele::segmentation {

// In memory unless a path is given. Aborts on error.
inline std::unique_ptr<sql::Database> OpenTestDatabase(const std::string& path = ":memory:") {
  return sql::OpenTestSqlite(SchemaMigrations(), path);
}

}  // namespace clientele::segmentation

#endif  // SERVICES_SEGMENTATION_TESTING_TEST_DATABASE_H_
