#ifndef SERVICES_SEGMENTATION_TESTING_TEST_DATABASE_H_
#define SERVICES_SEGMENTATION_TESTING_TEST_DATABASE_H_

// For tests only.

#include <memory>
#include <string>

#include "common/sql/database.h"

namespace clientele::segmentation {

// An SQLite database with segmentation's schema; in memory unless a path is given. Aborts on error.
std::unique_ptr<sql::Database> OpenTestDatabase(const std::string& path = ":memory:");

}  // namespace clientele::segmentation

#endif  // SERVICES_SEGMENTATION_TESTING_TEST_DATABASE_H_
