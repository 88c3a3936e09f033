// The idempotency store on PostgreSQL.

#include <memory>

#include "common/idempotency/idempotency_store_contract.h"
#include "common/idempotency/migrations.h"
#include "common/sql/testing/test_postgres.h"

namespace clientele {
namespace {

std::unique_ptr<sql::Database> OpenOnPostgres() {
  return sql::OpenTestPostgres(idempotency::Migrations());
}

INSTANTIATE_TEST_SUITE_P(Postgres, IdempotencyStoreContract, ::testing::Values(&OpenOnPostgres));

}  // namespace
}  // namespace clientele
