// Rebuilds loyalty on PostgreSQL.

#include <memory>

#include "common/sql/testing/test_postgres.h"
#include "services/loyalty/jobs/rebuild_contract.h"
#include "services/loyalty/store/schema.h"

namespace clientele::loyalty {
namespace {

std::unique_ptr<sql::Database> Open() { return sql::OpenTestPostgres(SchemaMigrations()); }

INSTANTIATE_TEST_SUITE_P(Postgres, LoyaltyRebuildContract, ::testing::Values(&Open));

}  // namespace
}  // namespace clientele::loyalty
