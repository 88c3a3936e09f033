#ifndef SERVICES_LOYALTY_JOBS_REBUILD_CONTRACT_H_
#define SERVICES_LOYALTY_JOBS_REBUILD_CONTRACT_H_

// That loyalty follows from profile's feed alone, on every database driver. A driver's test
// compiles rebuild_contract.cc in and says
//   INSTANTIATE_TEST_SUITE_P(Sqlite, LoyaltyRebuildContract, ::testing::Values(&OpenOnSqlite));

#include <memory>

#include "common/sql/database.h"
#include "gtest/gtest.h"

namespace clientele::loyalty {

// Opens an empty database with loyalty's tables.
using OpenFreshDatabase = std::unique_ptr<sql::Database> (*)();

class LoyaltyRebuildContract : public ::testing::TestWithParam<OpenFreshDatabase> {};

}  // namespace clientele::loyalty

#endif  // SERVICES_LOYALTY_JOBS_REBUILD_CONTRACT_H_
