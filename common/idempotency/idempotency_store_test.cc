#include "common/idempotency/idempotency_store.h"

#include <memory>
#include <string>

#include "common/idempotency/idempotency_store_contract.h"
#include "common/idempotency/migrations.h"
#include "common/sql/testing/test_sqlite.h"

namespace clientele {
namespace {

std::unique_ptr<sql::Database> OpenInMemory() {
  return sql::OpenTestSqlite(idempotency::Migrations());
}

INSTANTIATE_TEST_SUITE_P(SqliteInMemory, IdempotencyStoreContract,
                         ::testing::Values(&OpenInMemory));

TEST(IdempotencyStore, DiesOnAKeyOfTheWrongLength) {
  EXPECT_DEATH(IdempotencyStore("short", absl::Hours(1)), "check failed");
}

}  // namespace
}  // namespace clientele
