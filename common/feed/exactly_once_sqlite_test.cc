// Runs the exactly-once and the bootstrap contract on SQLite.

#include "common/feed/testing/bootstrap_contract.h"
#include "common/feed/testing/exactly_once_contract.h"

namespace clientele::feed {
namespace {

INSTANTIATE_TEST_SUITE_P(Sqlite, ExactlyOnceContract, ::testing::Values(&OpenFreshSqlite));
INSTANTIATE_TEST_SUITE_P(Sqlite, BootstrapContract, ::testing::Values(&OpenFreshSqlite));

}  // namespace
}  // namespace clientele::feed
