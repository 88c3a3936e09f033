// The store of segmentation on PostgreSQL.

#include <memory>

#include "common/sql/testing/test_postgres.h"
#include "services/segmentation/store/schema.h"
#include "services/segmentation/store/segmentation_store_contract.h"

namespace clientele::segmentation {
namespace {

std::unique_ptr<sql::Database> OpenOnPostgres() {
  return sql::OpenTestPostgres(SchemaMigrations());
}

INSTANTIATE_TEST_SUITE_P(Postgres, SegmentationStoreContract, ::testing::Values(&OpenOnPostgres));

}  // namespace
}  // namespace clientele::segmentation
