#include "common/sql/testing/test_postgres.h"

#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <random>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "common/status/log_detail.h"
#include "common/status/macros.h"

namespace clientele::sql {
namespace {

constexpr char kPostgresVariable[] = "CLIENTELE_TEST_POSTGRES_DSN";
constexpr absl::Duration kBlockedWaitMax = absl::Seconds(10);
constexpr Statement kCountBlocked = {
    "CountBlocked",
    "SELECT COUNT(DISTINCT waits.pid) FROM pg_catalog.pg_locks waits"
    " JOIN pg_catalog.pg_locks has ON has.pid = waits.pid WHERE NOT waits.granted"
    " AND has.relation = CAST(CAST($1 AS TEXT) AS regclass)"};

// Of the environment; "" when it is not set.
std::string Variable(const char* name) {
  // NOLINTNEXTLINE(concurrency-mt-unsafe): it changes only before there is a second thread
  const char* const value = std::getenv(name);
  return value == nullptr ? "" : value;
}

void CheckOk(const absl::Status& status) {
  if (!status.ok()) {
    std::fprintf(stderr, "%s: %s\n", status.ToString().c_str(), GetLogDetail(status).c_str());
  }
  CLIENTELE_CHECK(status.ok());
}

// Several programs make schemas at once, and one that was killed leaves some behind.
std::string NewSchemaName() {
  std::random_device random;
  return absl::StrCat("test_", getpid(), "_", random());
}

class SchemaDatabase final : public Database {
 public:
  absl::Status RunInTransaction(const TxOptions& options, TxCallback work) override {
    return database_->RunInTransaction(options, work);
  }
  absl::Status RunReadOnly(const TxOptions& options, TxCallback work) override {
    return database_->RunReadOnly(options, work);
  }
  absl::Status Ping() override { return database_->Ping(); }
  PoolLoad load() const override { return database_->load(); }

 private:
  const PostgresTestSchema schema_;
  const std::unique_ptr<Database> database_ = schema_.Open();
};

}  // namespace

std::string TestPostgresDsn() { return Variable(kPostgresVariable); }

TestCitus UseTestCitus() {
  const std::string coordinator = Variable("CLIENTELE_TEST_CITUS_DSN");
  const std::string stand_in = Variable("CLIENTELE_TEST_CITUS_STAND_IN_DSN");
  const std::string& dsn = coordinator.empty() ? stand_in : coordinator;
  // NOLINTNEXTLINE(concurrency-mt-unsafe): there is one thread
  CLIENTELE_CHECK(setenv(kPostgresVariable, dsn.c_str(), /*overwrite=*/1) == 0);
  if (dsn.empty()) {
    return TestCitus::kNone;
  }
  return coordinator.empty() ? TestCitus::kStandIn : TestCitus::kCoordinator;
}

PostgresTestSchema::PostgresTestSchema() : name_(NewSchemaName()) {
  CheckOk(Open()->RunInTransaction({}, [](Tx& tx) { return tx.BeginSchemaChange(); }));
}

PostgresTestSchema::~PostgresTestSchema() {
  CheckOk(Open()->RunInTransaction({}, [this](Tx& tx) {
    return tx.ExecuteSchema(absl::StrCat("DROP SCHEMA ", name_, " CASCADE"));
  }));
}

std::unique_ptr<Database> PostgresTestSchema::Open() const {
  absl::StatusOr<std::unique_ptr<Database>> database = OpenPostgres(Options());
  CheckOk(database.status());
  return *std::move(database);
}

std::unique_ptr<Database> OpenTestPostgres(absl::Span<const Migration> migrations) {
  auto database = std::make_unique<SchemaDatabase>();
  CheckOk(Migrate(*database, migrations));
  return database;
}

absl::StatusOr<int64_t> QueryNumber(Tx& tx, const Statement& statement,
                                    absl::Span<const Param> params) {
  int64_t number = -1;
  CLIENTELE_RETURN_IF_ERROR(tx.Query(statement, params, [&number](const Row& row) {
    number = row.Int64(0);
    return absl::OkStatus();
  }));
  return number;
}

absl::Status WaitForBlocked(Database& database, absl::string_view table, int64_t count) {
  const absl::Time end = absl::Now() + kBlockedWaitMax;
  int64_t blocked = 0;
  while (blocked < count) {
    if (absl::Now() > end) {
      return absl::DeadlineExceededError(absl::StrCat(blocked, " sessions wait at ", table));
    }
    std::this_thread::yield();
    CLIENTELE_RETURN_IF_ERROR(database.RunReadOnly({}, [&](Tx& tx) -> absl::Status {
      CLIENTELE_ASSIGN_OR_RETURN(blocked, QueryNumber(tx, kCountBlocked, {table}));
      return absl::OkStatus();
    }));
  }
  return absl::OkStatus();
}

}  // namespace clientele::sql
