// The audit log on PostgreSQL.

#include <memory>

#include "common/audit/migrations.h"
#include "common/audit/testing/audit_log_contract.h"
#include "common/feed/migrations.h"
#include "common/sql/migration.h"
#include "common/sql/testing/test_postgres.h"

namespace clientele::audit {
namespace {

std::unique_ptr<sql::Database> OpenFresh() {
  return sql::OpenTestPostgres(sql::MergeMigrations({feed::Migrations(), audit::Migrations()}));
}

INSTANTIATE_TEST_SUITE_P(Postgres, AuditLogContract, ::testing::Values(&OpenFresh));

}  // namespace
}  // namespace clientele::audit
