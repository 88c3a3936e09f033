// The store of complaints on PostgreSQL.

#include <memory>

#include "common/sql/testing/test_postgres.h"
#include "services/complaints/store/complaints_store_contract.h"
#include "services/complaints/store/schema.h"

namespace clientele::complaints {
namespace {

std::unique_ptr<sql::Database> OpenOnPostgres() {
  return sql::OpenTestPostgres(SchemaMigrations());
}

INSTANTIATE_TEST_SUITE_P(Postgres, ComplaintsStoreContract, ::testing::Values(&OpenOnPostgres));
INSTANTIATE_TEST_SUITE_P(Postgres, ComplaintsWorkContract, ::testing::Values(&OpenOnPostgres));
INSTANTIATE_TEST_SUITE_P(Postgres, ComplaintsSealingContract, ::testing::Values(&OpenOnPostgres));

}  // namespace
}  // namespace clientele::complaints
