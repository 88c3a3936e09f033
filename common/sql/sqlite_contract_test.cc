// The contract of every driver, on SQLite: as a file and in memory.

#include <memory>
#include <string>
#include <utility>

#include "common/sql/database_contract.h"
#include "common/sql/migration_contract.h"
#include "common/sql/sqlite_database.h"
#include "common/testing/temp_folder.h"

namespace clientele::sql {
namespace {

std::unique_ptr<Database> Open(const std::string& path) {
  absl::StatusOr<std::unique_ptr<Database>> database = OpenSqlite({.path = path});
  EXPECT_TRUE(database.ok()) << database.status();
  return database.ok() ? *std::move(database) : nullptr;
}

class SqliteFile final : public DatabaseUnderTest {
 public:
  Database& database() override { return *database_; }
  bool Reopen() override {
    database_.reset();
    database_ = Open(folder_.File("test.db"));
    return true;
  }

 private:
  TempFolder folder_;
  std::unique_ptr<Database> database_ = Open(folder_.File("test.db"));
};

class SqliteInMemory final : public DatabaseUnderTest {
 public:
  Database& database() override { return *database_; }
  bool Reopen() override { return false; }

 private:
  std::unique_ptr<Database> database_ = Open(":memory:");
};

INSTANTIATE_TEST_SUITE_P(
    Sqlite, DatabaseContract,
    ::testing::Values(DatabaseBackend{"File", [] { return std::make_unique<SqliteFile>(); }},
                      DatabaseBackend{"Memory", [] { return std::make_unique<SqliteInMemory>(); }}),
    BackendName);

INSTANTIATE_TEST_SUITE_P(Sqlite, MigrationContract,
                         ::testing::Values(DatabaseBackend{
                             "Memory", [] { return std::make_unique<SqliteInMemory>(); }}),
                         BackendName);

}  // namespace
}  // namespace clientele::sql
