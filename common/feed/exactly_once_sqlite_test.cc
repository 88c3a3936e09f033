// Runs the exactly-once contract on SQLite.

#include "common/feed/testing/exactly_once_contract.h"

namespace clientele::feed {
namespace {

INSTANTIATE_TEST_SUITE_P(Sqlite, ExactlyOnceContract, ::testing::Values(&OpenFreshSqlite));

}  // namespace
}  // namespace clientele::feed
