// The contract of every driver, on SQLite: as a file and in memory.

#include <filesystem>
#include <utility>

#include "common/sql/database_contract.h"
#include "common/sql/sqlite_database.h"
#include "common/status/macros.h"

namespace clientele::sql {
namespace {

namespace fs = std::filesystem;

std::unique_ptr<Database> Open(const std::string& path) {
  absl::StatusOr<std::unique_ptr<Database>> database = OpenSqlite({.path = path});
  EXPECT_TRUE(database.ok()) << database.status();
  return database.ok() ? *std::move(database) : nullptr;
}

class SqliteFile final : public DatabaseUnderTest {
 public:
  SqliteFile() {
    std::string folder = (fs::temp_directory_path() / "clientele-contract-XXXXXX").string();
    CLIENTELE_CHECK(mkdtemp(folder.data()) != nullptr);
    folder_ = folder;
    database_ = Open(folder_ / "test.db");
  }
  ~SqliteFile() override {
    database_.reset();
    fs::remove_all(folder_);
  }
  Database& database() override { return *database_; }
  bool Reopen() override {
    database_.reset();
    database_ = Open(folder_ / "test.db");
    return true;
  }

 private:
  fs::path folder_;
  std::unique_ptr<Database> database_;
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

}  // namespace
}  // namespace clientele::sql
