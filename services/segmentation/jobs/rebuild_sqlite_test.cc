// Rebuilds segmentation on SQLite.

#include <memory>

#include "common/sql/testing/test_sqlite.h"
#include "services/segmentation/jobs/rebuild_contract.h"
#include "services/segmentation/store/schema.h"

namespace clientele::segmentation {
namespace {

std::unique_ptr<sql::Database> Open() { return sql::OpenTestSqlite(SchemaMigrations()); }

INSTANTIATE_TEST_SUITE_P(Sqlite, SegmentationRebuildContract, ::testing::Values(&Open));

}  // namespace
}  // namespace clientele::segmentation
