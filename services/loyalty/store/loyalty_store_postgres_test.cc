// The store of loyalty on PostgreSQL.

#include <memory>

#include "common/sql/testing/test_postgres.h"
#include "services/loyalty/store/ledger_chain_contract.h"
#include "services/loyalty/store/loyalty_store_contract.h"
#include "services/loyalty/store/schema.h"

namespace clientele::loyalty {
namespace {

std::unique_ptr<sql::Database> OpenOnPostgres() {
  return sql::OpenTestPostgres(SchemaMigrations());
}

INSTANTIATE_TEST_SUITE_P(Postgres, LoyaltyStoreContract, ::testing::Values(&OpenOnPostgres));
INSTANTIATE_TEST_SUITE_P(Postgres, LedgerChainContract, ::testing::Values(&OpenOnPostgres));

}  // namespace
}  // namespace clientele::loyalty
