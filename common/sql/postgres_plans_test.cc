// That the server's plans of prepared statements keep up with their tables.

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/clock.h"
#include "common/sql/postgres_database.h"
#include "common/sql/testing/test_postgres.h"
#include "common/status/macros.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace clientele::sql {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

// autovacuum would make plans invalid too, but only when it looks.
constexpr absl::string_view kSchema =
    "CREATE TABLE entry (owner TEXT NOT NULL, entry_id BIGINT NOT NULL, a TEXT, b TEXT, c TEXT,"
    " d TEXT, e TEXT, f TEXT, PRIMARY KEY (owner, entry_id)) WITH (autovacuum_enabled = false)";
// Small enough to be read whole for 16 owners, large enough not to be.
constexpr absl::string_view kFillSmall =
    "INSERT INTO entry SELECT CAST(i % 50 AS TEXT), i, repeat('x', 100)"
    " FROM generate_series(1, 400) AS s (i)";
constexpr absl::string_view kFillLarge =
    "INSERT INTO entry SELECT CAST(i AS TEXT), i, repeat('x', 100)"
    " FROM generate_series(1000, 50000) AS s (i)";
constexpr Statement kSelectMany = {"SelectMany",
                                   "SELECT entry_id, a, b, c, d, e, f FROM entry WHERE owner IN "
                                   "($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, "
                                   "$12, $13, $14, $15, $16)"};
constexpr Statement kFindPrepared = {
    "FindPrepared", "SELECT name FROM pg_prepared_statements WHERE name LIKE '%SelectMany'"};
constexpr int kKeyCount = 16;

// The server plans the first five executions each on its own.
constexpr int kExecutions = 6;
constexpr absl::Duration kPatience = absl::Seconds(30);

// How the server runs kSelectMany on the connection of `tx`.
absl::StatusOr<std::string> PlanOf(Tx& tx) {
  const std::vector<Param> keys(kKeyCount, absl::string_view("1"));
  for (int i = 0; i < kExecutions; ++i) {
    CLIENTELE_RETURN_IF_ERROR(
        tx.Query(kSelectMany, keys, [](const Row&) { return absl::OkStatus(); }));
  }
  std::string name;
  CLIENTELE_RETURN_IF_ERROR(tx.Query(kFindPrepared, {}, [&name](const Row& row) {
    name = std::string(row.Text(0));
    return absl::OkStatus();
  }));
  std::string plan;
  const std::string explain =
      absl::StrCat("EXPLAIN EXECUTE \"", name, "\" (",
                   absl::StrJoin(std::vector<absl::string_view>(kKeyCount, "'1'"), ", "), ")");
  CLIENTELE_RETURN_IF_ERROR(tx.QueryText("Explain", explain, {}, [&plan](const Row& row) {
    absl::StrAppend(&plan, row.Text(0), "\n");
    return absl::OkStatus();
  }));
  return plan;
}

std::string PlanOn(Database& database) {
  std::string plan;
  const absl::Status status = database.RunReadOnly({}, [&plan](Tx& tx) -> absl::Status {
    CLIENTELE_ASSIGN_OR_RETURN(plan, PlanOf(tx));
    return absl::OkStatus();
  });
  EXPECT_TRUE(status.ok()) << status;
  return plan;
}

absl::Status RunScript(Database& database, absl::string_view text) {
  return database.RunInTransaction({}, [text](Tx& tx) { return tx.ExecuteSchema(text); });
}

TEST(PostgresPlans, FollowATableThatHasGrown) {
  const PostgresTestSchema schema;
  PostgresOptions options = schema.Options();
  options.connections_max = 1;
  const std::unique_ptr<Database> database = *OpenPostgres(options);
  ASSERT_TRUE(RunScript(*database, kSchema).ok());
  ASSERT_TRUE(RunScript(*database, kFillSmall).ok());
  ASSERT_THAT(PlanOn(*database), HasSubstr("Seq Scan"));
  ASSERT_TRUE(RunScript(*schema.Open(), kFillLarge).ok());
  const absl::Time end = absl::Now() + kPatience;
  std::string plan = PlanOn(*database);
  while (plan.find("Seq Scan") != std::string::npos && absl::Now() < end) {
    plan = PlanOn(*database);
  }
  EXPECT_THAT(plan, Not(HasSubstr("Seq Scan")));
}

}  // namespace
}  // namespace clientele::sql
