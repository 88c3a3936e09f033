// What the driver for PostgreSQL does beside the contract of every driver.

#include "common/sql/postgres_database.h"

#include <sys/resource.h>

#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/sql/testing/test_postgres.h"
#include "common/status/error.h"
#include "common/status/log_detail.h"
#include "common/status/macros.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace clientele::sql {
namespace {

using ::testing::HasSubstr;
using ::testing::Pair;
using ::testing::UnorderedElementsAre;

constexpr absl::string_view kSchema =
    "CREATE TABLE entry (entry_id BIGINT NOT NULL PRIMARY KEY, filler TEXT);"
    "CREATE TABLE narrow (small SMALLINT, middle INTEGER)";
constexpr Statement kInsertEntry = {"InsertEntry",
                                    "INSERT INTO entry (entry_id, filler) VALUES ($1, $2)"};
constexpr Statement kInsertEntryIfAbsent = {
    "InsertEntryIfAbsent",
    "INSERT INTO entry (entry_id, filler) VALUES ($1, $2) ON CONFLICT (entry_id) DO NOTHING"};
constexpr Statement kCountEntries = {"CountEntries", "SELECT COUNT(*) FROM entry"};
constexpr int64_t kBeyondInt4 = int64_t{1} << 40;

absl::Status IgnoreRow(const Row& /*row*/) { return absl::OkStatus(); }

class PostgresDatabaseTest : public ::testing::Test {
 protected:
  PostgresDatabaseTest() {
    const absl::Status created =
        database_->RunInTransaction({}, [](Tx& tx) { return tx.ExecuteSchema(kSchema); });
    CLIENTELE_CHECK(created.ok());
  }

  absl::Status Read(TxCallback work) { return database_->RunReadOnly({}, work); }
  absl::Status Write(TxCallback work) { return database_->RunInTransaction({}, work); }

  PostgresTestSchema schema_;
  std::unique_ptr<Database> database_ = schema_.Open();
};

TEST_F(PostgresDatabaseTest, BindsNumbersThatTheServerWouldTakeForSmallerOnes) {
  constexpr Statement kPositive = {"Positive", "SELECT CAST($1 AS BIGINT) WHERE $1 > 0"};
  constexpr Statement kOneOf = {"OneOf", "SELECT CASE WHEN $1 = 1 THEN 10 ELSE 20 END"};
  const absl::Status status = Read([&](Tx& tx) -> absl::Status {
    EXPECT_EQ(*QueryNumber(tx, kPositive, {kBeyondInt4}), kBeyondInt4);
    EXPECT_EQ(*QueryNumber(tx, kOneOf, {int64_t{1}}), 10);
    EXPECT_EQ(*QueryNumber(tx, kOneOf, {kBeyondInt4}), 20);
    return absl::OkStatus();
  });
  EXPECT_TRUE(status.ok()) << status;
}

TEST_F(PostgresDatabaseTest, TakesAValueWhereNullWasBoundFirst) {
  constexpr Statement kOr = {"Or", "SELECT CASE WHEN $1 = 1 THEN 10 ELSE 20 END"};
  const absl::Status status = Read([&](Tx& tx) -> absl::Status {
    EXPECT_EQ(*QueryNumber(tx, kOr, {kNull}), 20);
    EXPECT_EQ(*QueryNumber(tx, kOr, {kBeyondInt4}), 20);
    EXPECT_EQ(*QueryNumber(tx, kOr, {kNull}), 20);
    EXPECT_EQ(*QueryNumber(tx, kOr, {int64_t{1}}), 10);
    return absl::OkStatus();
  });
  EXPECT_TRUE(status.ok()) << status;
}

TEST_F(PostgresDatabaseTest, BatchesRowsWithAndWithoutNull) {
  const std::vector<std::vector<Param>> batch = {
      {int64_t{1}, kNull}, {int64_t{2}, "two"}, {int64_t{3}, kNull}};
  EXPECT_TRUE(Write([&](Tx& tx) { return tx.ExecuteBatch(kInsertEntry, batch).status(); }).ok());
  const std::vector<std::vector<Param>> mixed = {{int64_t{4}, kNull}, {"five", kNull}};
  const absl::Status status =
      Write([&](Tx& tx) { return tx.ExecuteBatch(kInsertEntry, mixed).status(); });
  EXPECT_THAT(GetLogDetail(status), HasSubstr("several types"));
}

TEST_F(PostgresDatabaseTest, ReadsNarrowIntegersWithTheirSign) {
  const absl::Status status = Write([](Tx& tx) -> absl::Status {
    CLIENTELE_RETURN_IF_ERROR(tx.ExecuteSchema("INSERT INTO narrow VALUES (-7, -70000)"));
    return tx.Query({"ReadNarrow", "SELECT small, middle, -1 FROM narrow"}, {}, [](const Row& row) {
      EXPECT_EQ(row.Int64(0), -7);
      EXPECT_EQ(row.Int64(1), -70000);
      EXPECT_EQ(row.Int64(2), -1);
      return absl::OkStatus();
    });
  });
  EXPECT_TRUE(status.ok()) << status;
}

TEST_F(PostgresDatabaseTest, NamesTheStatementWhoseColumnLacksACast) {
  constexpr Statement kNumeric = {"SumEntries", "SELECT SUM(entry_id) FROM entry"};
  const absl::Status status = Read([&](Tx& tx) { return tx.Query(kNumeric, {}, &IgnoreRow); });
  EXPECT_EQ(status.code(), absl::StatusCode::kInternal);
  EXPECT_THAT(GetLogDetail(status), HasSubstr("SumEntries: column 0"));
}

TEST_F(PostgresDatabaseTest, RefusesToCopy) {
  const absl::Status status =
      Write([](Tx& tx) { return tx.ExecuteSchema("COPY entry FROM STDIN"); });
  EXPECT_EQ(status.code(), absl::StatusCode::kInternal);
  EXPECT_TRUE(database_->Ping().ok());
}

TEST_F(PostgresDatabaseTest, KeepsStatementsPreparedUnderTheirName) {
  constexpr Statement kPrepared = {
      "CountPrepared",
      "SELECT CAST(COUNT(*) AS BIGINT) FROM pg_catalog.pg_prepared_statements WHERE position($1 in "
      "name) > 0"};
  const absl::Status status = Write([&](Tx& tx) -> absl::Status {
    for (int64_t i = 0; i < 10; ++i) {
      CLIENTELE_RETURN_IF_ERROR(tx.Execute(kInsertEntry, {i, "x"}).status());
    }
    EXPECT_EQ(*QueryNumber(tx, kPrepared, {"InsertEntry"}), 1);
    for (int64_t i = 0; i < 100; ++i) {
      CLIENTELE_RETURN_IF_ERROR(
          tx.QueryText("Composed", absl::StrCat("SELECT ", i), {}, &IgnoreRow));
    }
    EXPECT_LE(*QueryNumber(tx, kPrepared, {"Composed"}), 65) << "one may wait to be given back";
    return absl::OkStatus();
  });
  EXPECT_TRUE(status.ok()) << status;
}

TEST_F(PostgresDatabaseTest, InsertsABatchOfManyChunks) {
  constexpr int64_t kRows = 4000;
  const std::string filler(10'000, 'x');  // more than the buffers of both sides hold
  std::vector<std::vector<Param>> batch;
  batch.reserve(kRows + 1);
  for (int64_t i = 0; i < kRows; ++i) {
    batch.push_back({i, absl::string_view(filler)});
  }
  const absl::Status status = Write([&](Tx& tx) -> absl::Status {
    EXPECT_EQ(*tx.ExecuteBatch(kInsertEntry, batch), kRows) << "by COPY";
    EXPECT_EQ(*tx.ExecuteBatch(kInsertEntryIfAbsent, batch), 0) << "by arrays";
    return absl::OkStatus();
  });
  EXPECT_TRUE(status.ok()) << status;
  // The error of the first that failed, and nothing of those before it.
  batch = {{kRows, "new"}, {int64_t{0}, "taken"}, {kRows + 1, kNull}, {int64_t{1}, "taken"}};
  const absl::Status failed =
      Write([&](Tx& tx) { return tx.ExecuteBatch(kInsertEntry, batch).status(); });
  EXPECT_THAT(GetLogDetail(failed), HasSubstr("UNIQUE entry_pkey"));
  EXPECT_TRUE(Read([&](Tx& tx) -> absl::Status {
                EXPECT_EQ(*QueryNumber(tx, kCountEntries, {}), kRows);
                return absl::OkStatus();
              }).ok());
}

int64_t PeakResidentKib() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss;
}

TEST_F(PostgresDatabaseTest, HoldsOneRowOfALargeResultAtATime) {
  constexpr Statement kLarge = {
      "Large", "SELECT CAST(repeat('x', 1000) AS TEXT) FROM generate_series(1, 200000)"};
  const int64_t before_kib = PeakResidentKib();
  int64_t row_count = 0;
  const absl::Status status = Read([&](Tx& tx) {
    return tx.Query(kLarge, {}, [&row_count](const Row& row) {
      row_count += row.Text(0).size() == 1000 ? 1 : 0;
      return absl::OkStatus();
    });
  });
  EXPECT_TRUE(status.ok()) << status;
  EXPECT_EQ(row_count, 200'000);
  EXPECT_LT(PeakResidentKib() - before_kib, 20 * 1024) << "of 200 MB";
}

TEST_F(PostgresDatabaseTest, TellsTheObserverOfStatementsCommitsAndWaits) {
  std::mutex mutex;
  std::map<std::string, int> counts;
  PostgresOptions options = schema_.Options();
  options.observer = [&](absl::string_view name, double seconds) {
    std::lock_guard<std::mutex> lock(mutex);
    EXPECT_GE(seconds, 0);
    EXPECT_LT(seconds, 60);
    ++counts[std::string(name)];
  };
  const auto observed = *OpenPostgres(options);
  ASSERT_TRUE(observed
                  ->RunInTransaction({},
                                     [](Tx& tx) -> absl::Status {
                                       CLIENTELE_RETURN_IF_ERROR(
                                           tx.LockRows("entry", "filler", {"a"}));
                                       return tx.Execute(kInsertEntry, {int64_t{1}, "x"}).status();
                                     })
                  .ok());
  ASSERT_TRUE(
      observed->RunReadOnly({}, [](Tx& tx) { return tx.Query(kCountEntries, {}, &IgnoreRow); })
          .ok());
  EXPECT_THAT(counts, UnorderedElementsAre(Pair("WaitForConnection", 2), Pair("LockRows", 1),
                                           Pair("InsertEntry", 1), Pair("Commit", 1),
                                           Pair("CountEntries", 1)));
}

TEST_F(PostgresDatabaseTest, SaysHowMuchOfThePoolIsInUse) {
  PostgresOptions options = schema_.Options();
  options.connections_max = 1;
  const auto small = *OpenPostgres(options);
  const absl::Status status = small->RunInTransaction({}, [&](Tx&) {
    EXPECT_EQ(small->load().connections_max, 1);
    EXPECT_EQ(small->load().in_use_count, 1);
    std::thread([&small] {
      const TxOptions soon{.deadline = absl::Now() + absl::Milliseconds(20)};
      EXPECT_EQ(GetErrorReason(small->RunReadOnly(soon, [](Tx&) { return absl::OkStatus(); })),
                "DEADLINE_TOO_SHORT");
    }).join();
    return absl::OkStatus();
  });
  EXPECT_TRUE(status.ok()) << status;
  EXPECT_EQ(small->load().in_use_count, 0);
  EXPECT_EQ(small->load().waiting_count, 0);
}

TEST_F(PostgresDatabaseTest, TellsTheTimeOfTheServer) {
  const absl::Status status = Read([](Tx& tx) -> absl::Status {
    CLIENTELE_ASSIGN_OR_RETURN(const absl::Time first, tx.DatabaseTime());
    CLIENTELE_ASSIGN_OR_RETURN(const absl::Time second, tx.DatabaseTime());
    EXPECT_GT(second, first) << "not the time the transaction began";
    EXPECT_LT(absl::AbsDuration(second - absl::Now()), absl::Minutes(1));
    return absl::OkStatus();
  });
  EXPECT_TRUE(status.ok()) << status;
}

}  // namespace
}  // namespace clientele::sql
