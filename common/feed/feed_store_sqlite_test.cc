// Runs the feed's store contract on SQLite.

#include "common/feed/testing/feed_retention_contract.h"
#include "common/feed/testing/feed_store_contract.h"

namespace clientele::feed {
namespace {

INSTANTIATE_TEST_SUITE_P(Sqlite, FeedStoreContract, ::testing::Values(&OpenFreshSqlite));
INSTANTIATE_TEST_SUITE_P(Sqlite, FeedRetentionContract, ::testing::Values(&OpenFreshSqlite));

}  // namespace
}  // namespace clientele::feed
