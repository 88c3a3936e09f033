// What becomes on the server of a statement whose caller has gone.

#include <atomic>
#include <future>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/sql/testing/faulty_proxy.h"
#include "common/sql/testing/test_postgres.h"
#include "common/status/error.h"
#include "common/status/macros.h"
#include "gtest/gtest.h"

namespace clientele::sql {
namespace {

constexpr absl::string_view kSchema =
    "CREATE TABLE entry (entry_id TEXT NOT NULL PRIMARY KEY, value BIGINT NOT NULL);"
    "INSERT INTO entry (entry_id, value) VALUES ('a', 0)";
constexpr Statement kEndless = {
    "Endless",
    "WITH RECURSIVE n(i) AS (SELECT CAST(1 AS BIGINT) UNION ALL SELECT i + 1 FROM n)"
    " SELECT COUNT(*) FROM n"};
constexpr Statement kAddToEntry = {"AddToEntry",
                                   "UPDATE entry SET value = value + 1 WHERE entry_id = $1"};
constexpr Statement kInsertEntry = {"InsertEntry",
                                    "INSERT INTO entry (entry_id, value) VALUES ($1, $2)"};
constexpr Statement kOwnProcess = {"OwnProcess", "SELECT pg_backend_pid()"};
constexpr Statement kCountAtWork = {
    "CountAtWork",
    "SELECT COUNT(*) FROM pg_catalog.pg_stat_activity WHERE application_name = $1 AND state = "
    "'active'"};
constexpr Statement kCountSessions = {
    "CountSessions",
    "SELECT COUNT(*) FROM pg_catalog.pg_stat_activity WHERE application_name = $1"};

int64_t Read(Database& database, const Statement& statement, absl::Span<const Param> params = {}) {
  int64_t number = -1;
  const absl::Status status = database.RunReadOnly({}, [&](Tx& tx) -> absl::Status {
    CLIENTELE_ASSIGN_OR_RETURN(number, QueryNumber(tx, statement, params));
    return absl::OkStatus();
  });
  EXPECT_TRUE(status.ok()) << status;
  return number;
}

class PostgresCancel : public ::testing::Test {
 protected:
  PostgresCancel() {
    CLIENTELE_CHECK(
        direct_->RunInTransaction({}, [](Tx& tx) { return tx.ExecuteSchema(kSchema); }).ok());
  }

  // With one connection that the test can tell from others.
  std::unique_ptr<Database> OpenNamed(const std::string& further_dsn = "") {
    PostgresOptions options = schema_.Options();
    options.dsn += further_dsn;
    options.application_name = schema_.name();
    options.connections_max = 1;
    return *OpenPostgres(options);
  }

  int64_t CountNamed(const Statement& statement) {
    return Read(*direct_, statement, {schema_.name()});
  }

  // Whose caller goes when the server is at work.
  TxOptions GoesWhenAtWork() {
    return {.is_cancelled = [this] { return CountNamed(kCountAtWork) > 0; }};
  }

  static std::string SocketOfServer() {
    const std::string dsn = TestPostgresDsn();
    const size_t begin = dsn.find("host=") + 5;
    return absl::StrCat(dsn.substr(begin, dsn.find(' ', begin) - begin), "/.s.PGSQL.5432");
  }

  PostgresTestSchema schema_;
  std::unique_ptr<Database> direct_ = schema_.Open();
};

TEST_F(PostgresCancel, StopsTheStatementAndKeepsTheConnection) {
  const auto database = OpenNamed();
  const int64_t process = Read(*database, kOwnProcess);
  for (int i = 0; i < 20; ++i) {
    const absl::Status status = database->RunReadOnly(
        GoesWhenAtWork(), [](Tx& tx) { return QueryNumber(tx, kEndless).status(); });
    EXPECT_EQ(GetErrorReason(status), "DEADLINE_TOO_SHORT") << status;
    EXPECT_EQ(CountNamed(kCountAtWork), 0) << "it is gone when the caller is answered";
    EXPECT_EQ(Read(*database, kOwnProcess), process) << "no cancel hits what comes next";
  }
}

TEST_F(PostgresCancel, StopsABatchAndKeepsTheConnection) {
  const auto database = OpenNamed();
  const int64_t process = Read(*database, kOwnProcess);
  const std::vector<std::vector<Param>> batch = {{"b"}, {"a"}, {"c"}};
  const absl::Status held = direct_->RunInTransaction({}, [&](Tx& holder) -> absl::Status {
    CLIENTELE_RETURN_IF_ERROR(holder.Execute(kAddToEntry, {"a"}).status());
    const absl::Status status = database->RunInTransaction(
        GoesWhenAtWork(), [&](Tx& tx) { return tx.ExecuteBatch(kAddToEntry, batch).status(); });
    EXPECT_EQ(GetErrorReason(status), "DEADLINE_TOO_SHORT") << status;
    EXPECT_EQ(CountNamed(kCountAtWork), 0);
    return absl::OkStatus();
  });
  EXPECT_TRUE(held.ok()) << held;
  EXPECT_EQ(Read(*database, kOwnProcess), process);
}

TEST_F(PostgresCancel, FreesTheRowsThatTheTransactionHeld) {
  const auto database = OpenNamed();
  const absl::Status status =
      database->RunInTransaction(GoesWhenAtWork(), [](Tx& tx) -> absl::Status {
        CLIENTELE_RETURN_IF_ERROR(tx.Execute(kAddToEntry, {"a"}).status());
        return QueryNumber(tx, kEndless).status();
      });
  EXPECT_EQ(GetErrorReason(status), "DEADLINE_TOO_SHORT") << status;
  const absl::Status next = direct_->RunInTransaction({}, [](Tx& tx) -> absl::Status {
    CLIENTELE_RETURN_IF_ERROR(tx.ExecuteSchema("SET LOCAL lock_timeout = 1"));
    return tx.Execute(kAddToEntry, {"a"}).status();
  });
  EXPECT_TRUE(next.ok()) << next;
}

TEST_F(PostgresCancel, StopsACopyThatWaits) {
  const auto database = OpenNamed();
  constexpr int kRows = 4'000;
  std::vector<std::string> ids;
  ids.reserve(kRows);
  for (int i = 0; i < kRows; ++i) ids.push_back(absl::StrCat(i, std::string(2'000, 'x')));
  std::vector<std::vector<Param>> rows;
  rows.reserve(kRows);
  for (const std::string& id : ids) rows.push_back({absl::string_view(id), int64_t{0}});
  const absl::Status held = direct_->RunInTransaction({}, [&](Tx& holder) -> absl::Status {
    CLIENTELE_RETURN_IF_ERROR(holder.ExecuteBatch(kInsertEntry, {rows.front()}).status());
    const absl::Status status = database->RunInTransaction(
        {.is_cancelled = [] { return true; }},
        [&rows](Tx& tx) { return tx.ExecuteBatch(kInsertEntry, rows).status(); });
    EXPECT_EQ(GetErrorReason(status), "DEADLINE_TOO_SHORT") << status;
    return absl::OkStatus();
  });
  EXPECT_TRUE(held.ok()) << held;
  const absl::Time end = absl::Now() + absl::Seconds(10);
  while (CountNamed(kCountSessions) > 0 && absl::Now() < end) std::this_thread::yield();
  EXPECT_EQ(CountNamed(kCountSessions), 0) << "its connection is given up";
}

TEST_F(PostgresCancel, GivesUpAServerThatDoesNotTakeTheCancel) {
  FaultyProxy proxy(SocketOfServer());
  const auto database = OpenNamed(absl::StrCat(" host=127.0.0.1 port=", proxy.port()));
  ASSERT_TRUE(database->Ping().ok());
  std::atomic<absl::Time> gone = absl::InfiniteFuture();
  const TxOptions options{.is_cancelled = [&] {
    if (CountNamed(kCountAtWork) == 0) return false;
    proxy.SetSilent(true);
    gone = absl::Now();
    return true;
  }};
  const absl::Status status =
      database->RunReadOnly(options, [](Tx& tx) { return QueryNumber(tx, kEndless).status(); });
  EXPECT_EQ(GetErrorReason(status), "DEADLINE_TOO_SHORT") << status;
  EXPECT_LT(absl::Now() - gone.load(), absl::Seconds(3));
  proxy.SetSilent(false);
  EXPECT_TRUE(database->Ping().ok()) << "on another connection";
}

}  // namespace
}  // namespace clientele::sql
