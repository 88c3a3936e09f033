// The audit log on SQLite.

#include <memory>

#include "common/audit/migrations.h"
#include "common/audit/testing/audit_log_contract.h"
#include "common/feed/migrations.h"
#include "common/sql/migration.h"
#include "common/sql/testing/test_sqlite.h"

namespace clientele::audit {
namespace {

std::unique_ptr<sql::Database> OpenFresh() {
  return sql::OpenTestSqlite(sql::MergeMigrations({feed::Migrations(), audit::Migrations()}));
}

INSTANTIATE_TEST_SUITE_P(Sqlite, AuditLogContract, ::testing::Values(&OpenFresh));

}  // namespace
}  // namespace clientele::audit
