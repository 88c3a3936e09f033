// The store of complaints on SQLite.

#include <memory>

#include "services/complaints/store/complaints_store_contract.h"
#include "services/complaints/testing/test_database.h"

namespace clientele::complaints {
namespace {

std::unique_ptr<sql::Database> OpenInMemory() { return OpenTestDatabase(); }

INSTANTIATE_TEST_SUITE_P(SqliteInMemory, ComplaintsStoreContract, ::testing::Values(&OpenInMemory));
INSTANTIATE_TEST_SUITE_P(SqliteInMemory, ComplaintsWorkContract, ::testing::Values(&OpenInMemory));
INSTANTIATE_TEST_SUITE_P(SqliteInMemory, ComplaintsSealingContract,
                         ::testing::Values(&OpenInMemory));

}  // namespace
}  // namespace clientele::complaints
