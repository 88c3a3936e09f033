// loyalty's store on SQLite.

#include "common/sql/testing/test_sqlite.h"
#include "services/loyalty/store/ledger_chain_contract.h"
#include "services/loyalty/store/loyalty_store_contract.h"
#include "services/loyalty/store/schema.h"

namespace clientele::loyalty {
namespace {

std::unique_ptr<sql::Database> OpenInMemory() { return sql::OpenTestSqlite(SchemaMigrations()); }

INSTANTIATE_TEST_SUITE_P(SqliteInMemory, LoyaltyStoreContract, ::testing::Values(&OpenInMemory));
INSTANTIATE_TEST_SUITE_P(SqliteInMemory, LedgerChainContract, ::testing::Values(&OpenInMemory));

}  // namespace
}  // namespace clientele::loyalty
