// Rebuilds segmentation on PostgreSQL.

#include <memory>

#include "common/sql/testing/test_postgres.h"
#include "services/segmentation/jobs/rebuild_contract.h"
#include "services/segmentation/store/schema.h"

namespace clientele::segmentation {
namespace {

std::unique_ptr<sql::Database> Open() { return sql::OpenTestPostgres(SchemaMigrations()); }

INSTANTIATE_TEST_SUITE_P(Postgres, SegmentationRebuildContract, ::testing::Values(&Open));

}  // namespace
}  // namespace clientele::segmentation
