// The idempotency store on PostgreSQL.

#include <memory>

#include "common/feed/migrations.h"
#include "common/idempotency/idempotency_store_contract.h"
#include "common/idempotency/migrations.h"
#include "common/sql/migration.h"
#include "common/sql/testing/test_postgres.h"

namespace clientele {
namespace {

// On Citus its table lies where the feed's outbox does.
std::unique_ptr<sql::Database> OpenOnPostgres() {
  return sql::OpenTestPostgres(
      sql::MergeMigrations({feed::Migrations(), idempotency::Migrations()}));
}

INSTANTIATE_TEST_SUITE_P(Postgres, IdempotencyStoreContract, ::testing::Values(&OpenOnPostgres));

}  // namespace
}  // namespace clientele
