// The contract of every driver, on PostgreSQL.

#include <memory>

#include "common/sql/database_contract.h"
#include "common/sql/migration_contract.h"
#include "common/sql/testing/test_postgres.h"

namespace clientele::sql {
namespace {

class PostgresSchema final : public DatabaseUnderTest {
 public:
  Database& database() override { return *database_; }
  bool Reopen() override {
    database_.reset();
    database_ = schema_.Open();
    return true;
  }

 private:
  PostgresTestSchema schema_;
  std::unique_ptr<Database> database_ = schema_.Open();
};

INSTANTIATE_TEST_SUITE_P(Postgres, DatabaseContract,
                         ::testing::Values(DatabaseBackend{
                             "Schema", [] { return std::make_unique<PostgresSchema>(); }}),
                         BackendName);

INSTANTIATE_TEST_SUITE_P(Postgres, MigrationContract,
                         ::testing::Values(DatabaseBackend{
                             "Schema", [] { return std::make_unique<PostgresSchema>(); }}),
                         BackendName);

}  // namespace
}  // namespace clientele::sql
