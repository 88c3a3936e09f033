// Runs the feed's store contract on PostgreSQL.

#include <memory>

#include "common/feed/testing/feed_retention_contract.h"
#include "common/feed/testing/feed_store_contract.h"
#include "common/sql/testing/test_postgres.h"

namespace clientele::feed {
namespace {

std::unique_ptr<sql::Database> OpenOnPostgres() { return sql::OpenTestPostgres(FreshMigrations()); }

INSTANTIATE_TEST_SUITE_P(Postgres, FeedStoreContract, ::testing::Values(&OpenOnPostgres));
INSTANTIATE_TEST_SUITE_P(Postgres, FeedRetentionContract, ::testing::Values(&OpenOnPostgres));

}  // namespace
}  // namespace clientele::feed
