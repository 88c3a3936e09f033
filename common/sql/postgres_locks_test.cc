// How the driver for PostgreSQL locks rows: by one statement, on Citus by one a key.

#include <memory>
#include <string>
#include <vector>

#include "common/sql/migration.h"
#include "common/sql/testing/test_postgres.h"
#include "common/status/macros.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace clientele::sql {
namespace {

using ::testing::ElementsAre;
using ::testing::EndsWith;

constexpr Migration kCreateRoot[] = {
    {1, "create_root", "CREATE TABLE root (key TEXT NOT NULL PRIMARY KEY);\n",
     "SELECT create_distributed_table('root', 'key', colocate_with => 'none');\n"}};
constexpr Statement kInsertRoot = {"InsertRoot", "INSERT INTO root (key) VALUES ($1)"};
constexpr Statement kCountCitus = {
    "CountCitus", "SELECT COUNT(*) FROM pg_catalog.pg_extension WHERE extname = 'citus'"};
constexpr Statement kFindPrepared = {
    "FindPrepared", "SELECT statement FROM pg_prepared_statements WHERE name LIKE '%LockRows'"};

TEST(PostgresLocks, AreTakenByAStatementForEachKeyOnCitusOnly) {
  const std::unique_ptr<Database> database = OpenTestPostgres(kCreateRoot);
  bool is_citus = false;
  std::vector<std::string> prepared;
  const absl::Status status = database->RunInTransaction({}, [&](Tx& tx) -> absl::Status {
    CLIENTELE_RETURN_IF_ERROR(tx.Query(kCountCitus, {}, [&is_citus](const Row& row) {
      is_citus = row.Int64(0) > 0;
      return absl::OkStatus();
    }));
    EXPECT_EQ(tx.IsCitus(), is_citus);
    CLIENTELE_RETURN_IF_ERROR(tx.ExecuteBatch(kInsertRoot, {{"a"}, {"b"}}).status());
    CLIENTELE_RETURN_IF_ERROR(tx.LockRows("root", "key", {"a", "absent", "b"}));
    return tx.Query(kFindPrepared, {}, [&prepared](const Row& row) {
      prepared.emplace_back(row.Text(0));
      return absl::OkStatus();
    });
  });
  EXPECT_TRUE(status.ok()) << status;
  EXPECT_THAT(prepared, ElementsAre(EndsWith(is_citus ? " WHERE key = $1 FOR UPDATE"
                                                      : " = ANY ($1) ORDER BY key FOR UPDATE")));
}

}  // namespace
}  // namespace clientele::sql
