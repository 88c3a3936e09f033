// Runs the exactly-once and the bootstrap contract on PostgreSQL.

#include <memory>

#include "common/feed/testing/bootstrap_contract.h"
#include "common/feed/testing/exactly_once_contract.h"
#include "common/sql/testing/test_postgres.h"

namespace clientele::feed {
namespace {

std::unique_ptr<sql::Database> OpenOnPostgres() { return sql::OpenTestPostgres(FreshMigrations()); }

INSTANTIATE_TEST_SUITE_P(Postgres, ExactlyOnceContract, ::testing::Values(&OpenOnPostgres));
INSTANTIATE_TEST_SUITE_P(Postgres, BootstrapContract, ::testing::Values(&OpenOnPostgres));

}  // namespace
}  // namespace clientele::feed
