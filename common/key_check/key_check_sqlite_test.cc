#include <memory>

#include "common/key_check/key_check_contract.h"
#include "common/key_check/migrations.h"
#include "common/sql/testing/test_sqlite.h"

namespace clientele::key_check {
namespace {

std::unique_ptr<sql::Database> OpenFresh() { return sql::OpenTestSqlite(Migrations()); }

INSTANTIATE_TEST_SUITE_P(Sqlite, KeyCheckContract, ::testing::Values(&OpenFresh));

}  // namespace
}  // namespace clientele::key_check
