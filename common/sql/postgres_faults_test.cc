// What the driver for PostgreSQL does when the server, the way to it or another transaction fails.

#include <atomic>
#include <functional>
#include <future>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/sql/errors.h"
#include "common/sql/testing/faulty_proxy.h"
#include "common/sql/testing/test_postgres.h"
#include "common/status/error.h"
#include "common/status/log_detail.h"
#include "common/status/macros.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace clientele::sql {
namespace {

using ::testing::HasSubstr;

constexpr absl::string_view kSchema =
    "CREATE TABLE entry (entry_id TEXT NOT NULL PRIMARY KEY, value BIGINT NOT NULL)";
// With the end of the message: BEGIN says COMMITTED.
const std::string kCommit("COMMIT\0", 7);

constexpr Statement kInsertEntry = {"InsertEntry",
                                    "INSERT INTO entry (entry_id, value) VALUES ($1, $2)"};
constexpr Statement kAddToEntry = {"AddToEntry",
                                   "UPDATE entry SET value = value + 1 WHERE entry_id = $1"};
constexpr Statement kCountEntries = {"CountEntries", "SELECT COUNT(*) FROM entry"};
constexpr Statement kOwnProcess = {"OwnProcess", "SELECT pg_backend_pid()"};
// Of this test's other sessions: those with our schema in their application_name.
constexpr Statement kTerminate = {
    "Terminate",
    "SELECT CAST(COUNT(pg_terminate_backend(pid)) AS BIGINT) FROM pg_catalog.pg_stat_activity"
    " WHERE application_name = $1"};

class PostgresFaults : public ::testing::Test {
 protected:
  PostgresFaults() {
    const absl::Status created =
        direct_->RunInTransaction({}, [](Tx& tx) { return tx.ExecuteSchema(kSchema); });
    CLIENTELE_CHECK(created.ok());
  }

  // A database whose connections the test can tell from others.
  std::unique_ptr<Database> OpenNamed() {
    PostgresOptions options = schema_.Options();
    options.application_name = schema_.name();
    return *OpenPostgres(options);
  }

  // The same through `proxy_`.
  std::unique_ptr<Database> OpenThroughProxy() {
    PostgresOptions options = schema_.Options();
    options.dsn += absl::StrCat(" host=127.0.0.1 port=", proxy_.port());
    absl::StatusOr<std::unique_ptr<Database>> database = OpenPostgres(options);
    EXPECT_TRUE(database.ok()) << database.status();
    return *std::move(database);
  }

  static absl::Status Insert(Database& database, absl::string_view id,
                             const TxOptions& options = {}) {
    return database.RunInTransaction(options, [id](Tx& tx) {
      return tx.Execute(kInsertEntry, {id, int64_t{0}}).status();
    });
  }

  int64_t CountEntries() {
    int64_t count = -1;
    const absl::Status status = direct_->RunReadOnly({}, [&](Tx& tx) -> absl::Status {
      CLIENTELE_ASSIGN_OR_RETURN(count, QueryNumber(tx, kCountEntries));
      return absl::OkStatus();
    });
    EXPECT_TRUE(status.ok()) << status;
    return count;
  }

  // Ends the sessions of OpenNamed.
  void TerminateNamed() {
    const absl::Status status = direct_->RunInTransaction({}, [this](Tx& tx) -> absl::Status {
      CLIENTELE_ASSIGN_OR_RETURN(const int64_t count,
                                 QueryNumber(tx, kTerminate, {schema_.name()}));
      EXPECT_GE(count, 1);
      return absl::OkStatus();
    });
    EXPECT_TRUE(status.ok()) << status;
  }

  static std::string SocketOfServer() {
    const std::string dsn = TestPostgresDsn();
    const size_t begin = dsn.find("host=") + 5;
    return absl::StrCat(dsn.substr(begin, dsn.find(' ', begin) - begin), "/.s.PGSQL.5432");
  }

  PostgresTestSchema schema_;
  std::unique_ptr<Database> direct_ = schema_.Open();
  FaultyProxy proxy_{SocketOfServer()};
};

TEST_F(PostgresFaults, DoesNotKnowTheOutcomeWhenTheConnectionEndsBehindTheCommit) {
  const auto database = OpenThroughProxy();
  proxy_.CutAt(kCommit, FaultyProxy::Cut::kAfterTheServerAnswered);
  const absl::Status status = Insert(*database, "a");
  EXPECT_TRUE(IsOutcomeUnknown(status)) << status;
  EXPECT_EQ(CountEntries(), 1);
  EXPECT_TRUE(Insert(*database, "b").ok()) << "on a new connection";
}

TEST_F(PostgresFaults, DoesNotKnowTheOutcomeWhenTheConnectionEndsBeforeTheCommit) {
  const auto database = OpenThroughProxy();
  proxy_.CutAt(kCommit, FaultyProxy::Cut::kBeforeTheServerHears);
  EXPECT_TRUE(IsOutcomeUnknown(Insert(*database, "a")));
  EXPECT_EQ(CountEntries(), 0);
}

TEST_F(PostgresFaults, IsUnavailableWhenTheConnectionEndsWithinTheWork) {
  const auto database = OpenThroughProxy();
  ASSERT_TRUE(Insert(*database, "a").ok());
  proxy_.CutAt("InsertEntry", FaultyProxy::Cut::kAfterTheServerAnswered);
  const absl::Status status = Insert(*database, "b");
  EXPECT_EQ(GetErrorReason(status), "DATABASE_UNAVAILABLE");
  EXPECT_TRUE(GetErrorDetails(status)->retry_delay.has_value());
  EXPECT_EQ(CountEntries(), 1) << "what was not committed is not there";
}

TEST_F(PostgresFaults, GivesUpAServerThatDoesNotAnswerAtTheDeadline) {
  const auto database = OpenThroughProxy();
  ASSERT_TRUE(Insert(*database, "a").ok());
  proxy_.SetSilent(true);
  const absl::Time started = absl::Now();
  // The first loses the connection it has, the second cannot make one.
  for (int i = 0; i < 2; ++i) {
    const absl::Status status =
        Insert(*database, "b", {.deadline = absl::Now() + absl::Milliseconds(100)});
    EXPECT_EQ(GetErrorReason(status), "DEADLINE_TOO_SHORT") << status;
  }
  EXPECT_LT(absl::Now() - started, absl::Seconds(5));
  proxy_.SetSilent(false);
  EXPECT_TRUE(Insert(*database, "c").ok());
}

TEST_F(PostgresFaults, StopsALargeBatchThatWaitsAtTheDeadline) {
  constexpr int kRows = 4000;
  const std::string tail(2000, 'x');  // in all more than the buffers of both sides hold
  std::vector<std::string> ids;
  ids.reserve(kRows);
  for (int i = 0; i < kRows; ++i) ids.push_back(absl::StrCat(i, tail));
  std::vector<std::vector<Param>> rows;
  rows.reserve(kRows);
  for (const std::string& id : ids) rows.push_back({absl::string_view(id), int64_t{0}});
  const absl::Status status = direct_->RunInTransaction({}, [&](Tx& tx) -> absl::Status {
    CLIENTELE_RETURN_IF_ERROR(tx.ExecuteBatch(kInsertEntry, {rows.front()}).status());
    const absl::Status waiting = direct_->RunInTransaction(
        {.deadline = absl::Now() + absl::Milliseconds(200)},
        [&rows](Tx& other) { return other.ExecuteBatch(kInsertEntry, rows).status(); });
    EXPECT_EQ(GetErrorReason(waiting), "DEADLINE_TOO_SHORT") << waiting;
    return absl::AbortedError("make way");
  });
  EXPECT_EQ(status, absl::AbortedError("make way"));
  EXPECT_EQ(CountEntries(), 0);
}

TEST_F(PostgresFaults, IsUnavailableWhenTheConnectionEndsWithinALargeBatch) {
  const std::vector<std::string> ids = {"a", "b"};
  constexpr int kRows = 3000;
  std::vector<std::vector<Param>> rows;
  rows.reserve(kRows);
  for (int64_t i = 0; i < kRows; ++i) rows.push_back({absl::string_view(ids[i % 2]), i});
  const auto database = OpenThroughProxy();
  proxy_.CutAt("PGCOPY", FaultyProxy::Cut::kBeforeTheServerHears);
  const absl::Status status = database->RunInTransaction(
      {}, [&rows](Tx& tx) { return tx.ExecuteBatch(kInsertEntry, rows).status(); });
  EXPECT_EQ(GetErrorReason(status), "DATABASE_UNAVAILABLE") << status;
  EXPECT_EQ(CountEntries(), 0);
  EXPECT_TRUE(Insert(*database, "c").ok()) << "on a new connection";
}

// What CopyDone is on the wire.
const std::string kCopyDone("c\0\0\0\4", 5);

// The server ends the session at the row of this value.
constexpr absl::string_view kEndAtRow =
    "CREATE FUNCTION end_session() RETURNS trigger LANGUAGE plpgsql AS"
    " 'BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NEW; END';\n"
    "CREATE TRIGGER end_at_row BEFORE INSERT ON entry FOR EACH ROW WHEN (NEW.value = 100)"
    " EXECUTE FUNCTION end_session()";

absl::Status CopyEntries(Database& database, int64_t count) {
  std::vector<std::string> ids;
  std::vector<std::vector<Param>> rows;
  ids.reserve(count);
  rows.reserve(count);
  for (int64_t i = 0; i < count; ++i) {
    ids.push_back(absl::StrCat("entry-", i));
    rows.push_back({absl::string_view(ids.back()), i});
  }
  return database.RunInTransaction(
      {}, [&rows](Tx& tx) { return tx.ExecuteBatch(kInsertEntry, rows).status(); });
}

TEST_F(PostgresFaults, IsUnavailableWhenTheConnectionEndsBeforeACopyIsAnswered) {
  const auto database = OpenThroughProxy();
  proxy_.CutAt(kCopyDone, FaultyProxy::Cut::kAfterTheServerAnswered);
  const absl::Status status = CopyEntries(*database, 3'000);
  EXPECT_EQ(GetErrorReason(status), "DATABASE_UNAVAILABLE") << status;
  EXPECT_EQ(CountEntries(), 0) << "what was not committed is not there";
  EXPECT_TRUE(Insert(*database, "c").ok()) << "on a new connection";
}

TEST_F(PostgresFaults, IsUnavailableWhenTheSessionEndsAmidTheDataOfACopy) {
  ASSERT_TRUE(
      direct_->RunInTransaction({}, [](Tx& tx) { return tx.ExecuteSchema(kEndAtRow); }).ok());
  const auto database = OpenNamed();
  // More than what is sent before anybody notices.
  const absl::Status status = CopyEntries(*database, 50'000);
  EXPECT_EQ(GetErrorReason(status), "DATABASE_UNAVAILABLE") << status;
  EXPECT_EQ(CountEntries(), 0);
  EXPECT_TRUE(Insert(*database, "c").ok()) << "on a new connection";
}

TEST_F(PostgresFaults, RunsNoFurtherChunkOfABatchWhoseRowWasRefused) {
  constexpr Statement kInsertReturning = {
      "InsertReturning", "INSERT INTO entry (entry_id, value) VALUES ($1, 0) RETURNING value"};
  std::vector<std::string> ids;
  std::vector<std::vector<Param>> batch;
  ids.reserve(5'000);
  batch.reserve(5'000);
  for (int i = 0; i < 5'000; ++i) {
    ids.push_back(absl::StrCat(i));
    batch.push_back({absl::string_view(ids.back())});
  }
  int64_t inserted_count = 0;
  const absl::Status status = direct_->RunInTransaction({}, [&](Tx& tx) -> absl::Status {
    EXPECT_TRUE(absl::IsCancelled(tx.QueryBatch(
        kInsertReturning, batch,
        [](size_t /*index*/, const Row& /*row*/) { return absl::CancelledError("enough"); })));
    CLIENTELE_ASSIGN_OR_RETURN(inserted_count, QueryNumber(tx, kCountEntries));
    return absl::OkStatus();
  });
  EXPECT_TRUE(status.ok()) << "a refused row loses no transaction: " << status;
  EXPECT_GE(inserted_count, 1);
  EXPECT_LT(inserted_count, 2'000);
}

TEST_F(PostgresFaults, LosesTheTransactionWhoseSessionIsTerminated) {
  const auto database = OpenNamed();
  const absl::Status status = database->RunInTransaction({}, [this](Tx& tx) -> absl::Status {
    CLIENTELE_RETURN_IF_ERROR(tx.Execute(kInsertEntry, {"a", int64_t{1}}).status());
    TerminateNamed();
    return QueryNumber(tx, kOwnProcess).status();
  });
  EXPECT_EQ(GetErrorReason(status), "DATABASE_UNAVAILABLE");
  EXPECT_THAT(GetLogDetail(status), HasSubstr("OwnProcess"));
  EXPECT_EQ(CountEntries(), 0);
  EXPECT_TRUE(Insert(*database, "b").ok());
}

TEST_F(PostgresFaults, ReplacesIdleConnectionsThatTheServerHasEnded) {
  const auto database = OpenNamed();
  ASSERT_TRUE(Insert(*database, "a").ok());
  TerminateNamed();
  EXPECT_TRUE(Insert(*database, "b").ok());
}

TEST_F(PostgresFaults, RunsTheLoserOfADeadlockAgain) {
  ASSERT_TRUE(Insert(*direct_, "a").ok());
  ASSERT_TRUE(Insert(*direct_, "b").ok());
  std::atomic<int> holder_count = 0;
  std::atomic<int> attempt_count = 0;
  const auto add_to = [&](absl::string_view first, absl::string_view second) {
    return direct_->RunInTransaction({}, [&, first, second](Tx& tx) -> absl::Status {
      ++attempt_count;
      CLIENTELE_RETURN_IF_ERROR(tx.Execute(kAddToEntry, {first}).status());
      ++holder_count;
      while (holder_count < 2) {  // both hold one before either asks for the other's
        std::this_thread::yield();
      }
      return tx.Execute(kAddToEntry, {second}).status();
    });
  };
  std::future<absl::Status> other = std::async(std::launch::async, add_to, "b", "a");
  EXPECT_EQ(add_to("a", "b"), absl::OkStatus());
  EXPECT_EQ(other.get(), absl::OkStatus());
  EXPECT_GE(attempt_count, 3);
}

TEST_F(PostgresFaults, TellsAServerThatTakesNoWritesFromOneThatIsAway) {
  const absl::Status status = direct_->RunInTransaction({}, [](Tx& tx) -> absl::Status {
    CLIENTELE_RETURN_IF_ERROR(tx.ExecuteSchema("SET TRANSACTION READ ONLY"));
    return tx.Execute(kInsertEntry, {"a", int64_t{1}}).status();
  });
  EXPECT_EQ(status.code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(GetErrorReason(status), "DATABASE_READ_ONLY");
  EXPECT_TRUE(Insert(*direct_, "a").ok());
}

TEST_F(PostgresFaults, TakesAStatementThatAnOperatorCancelledForNoDeadline) {
  constexpr Statement kCancelItself = {
      "CancelItself", "SELECT CAST(pg_cancel_backend(pg_backend_pid()) AS TEXT), pg_sleep(60)"};
  const absl::Status status =
      direct_->RunInTransaction({.deadline = absl::Now() + absl::Minutes(1)}, [&](Tx& tx) {
        return tx.Query(kCancelItself, {}, [](const Row&) { return absl::OkStatus(); });
      });
  EXPECT_EQ(GetErrorReason(status), "DATABASE_UNAVAILABLE");
}

}  // namespace
}  // namespace clientele::sql
