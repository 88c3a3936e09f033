// The store of profile on PostgreSQL.

#include <memory>

#include "common/sql/testing/test_postgres.h"
#include "services/profile/store/past_events_contract.h"
#include "services/profile/store/profile_store_contract.h"
#include "services/profile/store/schema.h"
#include "services/profile/store/sealing_contract.h"

namespace clientele::profile {
namespace {

std::unique_ptr<sql::Database> OpenOnPostgres() {
  return sql::OpenTestPostgres(SchemaMigrations());
}

INSTANTIATE_TEST_SUITE_P(Postgres, ProfileStoreContract, ::testing::Values(&OpenOnPostgres));
INSTANTIATE_TEST_SUITE_P(Postgres, PastEventsContract, ::testing::Values(&OpenOnPostgres));
INSTANTIATE_TEST_SUITE_P(Postgres, SealingContract, ::testing::Values(&OpenOnPostgres));

}  // namespace
}  // namespace clientele::profile
