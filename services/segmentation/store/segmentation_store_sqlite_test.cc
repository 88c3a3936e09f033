// segmentation's store on SQLite.

#include "services/segmentation/store/segmentation_store_contract.h"
#include "services/segmentation/testing/test_database.h"

namespace clientele::segmentation {
namespace {

std::unique_ptr<sql::Database> OpenInMemory() { return OpenTestDatabase(); }

INSTANTIATE_TEST_SUITE_P(SqliteInMemory, SegmentationStoreContract,
                         ::testing::Values(&OpenInMemory));

}  // namespace
}  // namespace clientele::segmentation
