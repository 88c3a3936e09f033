// Rebuilds loyalty on SQLite.

#include <memory>

#include "common/sql/testing/test_sqlite.h"
#include "services/loyalty/jobs/rebuild_contract.h"
#include "services/loyalty/store/schema.h"

namespace clientele::loyalty {
namespace {

std::unique_ptr<sql::Database> Open() { return sql::OpenTestSqlite(SchemaMigrations()); }

INSTANTIATE_TEST_SUITE_P(Sqlite, LoyaltyRebuildContract, ::testing::Values(&Open));

}  // namespace
}  // namespace clientele::loyalty
