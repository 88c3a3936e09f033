#ifndef COMMON_SQL_TESTING_TEST_POSTGRES_H_
#define COMMON_SQL_TESTING_TEST_POSTGRES_H_

// PostgreSQL databases for tests: each a schema of its own on the server that
// $CLIENTELE_TEST_POSTGRES_DSN names. A test that uses it is registered with POSTGRES
// (cmake/Targets.cmake) and skipped without that server; contracts run a second time on Citus.

#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "common/sql/database.h"
#include "common/sql/migration.h"
#include "common/sql/postgres_database.h"

namespace clientele::sql {

// "" when there is none.
std::string TestPostgresDsn();

// What there is of Citus.
enum class TestCitus {
  kNone,
  kStandIn,      // a PostgreSQL with functions of the same names, at
                 // $CLIENTELE_TEST_CITUS_STAND_IN_DSN
  kCoordinator,  // at $CLIENTELE_TEST_CITUS_DSN
};

// Makes that the server of TestPostgresDsn. Call it before there is a second thread.
TestCitus UseTestCitus();

// An empty schema, gone with all that is in it when destroyed; databases on it go first. Aborts on
// error.
class PostgresTestSchema {
 public:
  PostgresTestSchema();
  PostgresTestSchema(const PostgresTestSchema&) = delete;
  PostgresTestSchema& operator=(const PostgresTestSchema&) = delete;
  ~PostgresTestSchema();

  const std::string& name() const { return name_; }

  // To open it with.
  PostgresOptions Options() const { return {.dsn = TestPostgresDsn(), .schema = name_}; }

  // Opens it. Aborts on error.
  std::unique_ptr<Database> Open() const;

 private:
  const std::string name_;
};

// A database on a schema of its own with the tables of `migrations`, which goes with it. Aborts on
// error.
std::unique_ptr<Database> OpenTestPostgres(absl::Span<const Migration> migrations);

// The one number that a query finds.
absl::StatusOr<int64_t> QueryNumber(Tx& tx, const Statement& statement,
                                    absl::Span<const Param> params = {});

// Returns once `count` sessions that have to do with this table wait for locks of others.
// DEADLINE_EXCEEDED after 10 s, and the database's errors.
absl::Status WaitForBlocked(Database& database, absl::string_view table, int64_t count);

}  // namespace clientele::sql

#endif  // COMMON_SQL_TESTING_TEST_POSTGRES_H_
