#ifndef COMMON_SQL_MIGRATION_CONTRACT_H_
#define COMMON_SQL_MIGRATION_CONTRACT_H_

// What the migration runner promises on every driver's databases.
//
// A driver's test lists migration_contract.cc among its sources and says
//   INSTANTIATE_TEST_SUITE_P(Sqlite, MigrationContract, ::testing::Values(...), BackendName);

#include <memory>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "common/sql/database_contract.h"
#include "common/sql/migration.h"
#include "gtest/gtest.h"

namespace clientele::sql {

class MigrationContract : public ::testing::TestWithParam<DatabaseBackend> {
 protected:
  MigrationContract() : under_test_(GetParam().make()) {}

  Database& database() { return under_test_->database(); }
  bool TableExists(absl::string_view table);
  SchemaState Inspect(absl::Span<const Migration> migrations);

 private:
  const std::unique_ptr<DatabaseUnderTest> under_test_;
};

}  // namespace clientele::sql

#endif  // COMMON_SQL_MIGRATION_CONTRACT_H_
