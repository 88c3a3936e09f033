// profile's store on SQLite, in memory and in a file.

#include <memory>

#include "common/testing/temp_folder.h"
#include "services/profile/store/past_events_contract.h"
#include "services/profile/store/profile_store_contract.h"
#include "services/profile/store/sealing_contract.h"
#include "services/profile/testing/test_database.h"

namespace clientele::profile {
namespace {

std::unique_ptr<sql::Database> OpenInMemory() { return OpenTestDatabase(); }

// A database that takes its folder with it.
class FileDatabase final : public sql::Database {
 public:
  FileDatabase() : database_(OpenTestDatabase(folder_.File("profile.db"))) {}

  absl::Status RunInTransaction(const sql::TxOptions& options, sql::TxCallback work) override {
    return database_->RunInTransaction(options, work);
  }
  absl::Status RunReadOnly(const sql::TxOptions& options, sql::TxCallback work) override {
    return database_->RunReadOnly(options, work);
  }
  absl::Status Ping() override { return database_->Ping(); }
  sql::PoolLoad load() const override { return database_->load(); }

 private:
  TempFolder folder_;
  std::unique_ptr<sql::Database> database_;
};

std::unique_ptr<sql::Database> OpenFile() { return std::make_unique<FileDatabase>(); }

INSTANTIATE_TEST_SUITE_P(SqliteInMemory, ProfileStoreContract, ::testing::Values(&OpenInMemory));
INSTANTIATE_TEST_SUITE_P(SqliteFile, ProfileStoreContract, ::testing::Values(&OpenFile));
INSTANTIATE_TEST_SUITE_P(SqliteFile, PastEventsContract, ::testing::Values(&OpenFile));
INSTANTIATE_TEST_SUITE_P(SqliteFile, SealingContract, ::testing::Values(&OpenFile));

}  // namespace
}  // namespace clientele::profile
