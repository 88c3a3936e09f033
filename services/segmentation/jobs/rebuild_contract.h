#ifndef SERVICES_SEGMENTATION_JOBS_REBUILD_CONTRACT_H_
#define SERVICES_SEGMENTATION_JOBS_REBUILD_CONTRACT_H_

// That the order log follows from profile's feed alone, on every database driver. A driver's test
// compiles rebuild_contract.cc in and says
//   INSTANTIATE_TEST_SUITE_P(Sqlite, SegmentationRebuildContract,
//   ::testing::Values(&OpenOnSqlite));

#include <memory>

#include "common/sql/database.h"
#include "gtest/gtest.h"

namespace clientele::segmentation {

// Opens an empty database with segmentation's tables.
using OpenFreshDatabase = std::unique_ptr<sql::Database> (*)();

class SegmentationRebuildContract : public ::testing::TestWithParam<OpenFreshDatabase> {};

}  // namespace clientele::segmentation

#endif  // SERVICES_SEGMENTATION_JOBS_REBUILD_CONTRACT_H_
