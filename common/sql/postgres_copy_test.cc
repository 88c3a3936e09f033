// Which batches the driver for PostgreSQL inserts by COPY, and that COPY stores what INSERT would.

#include <memory>
#include <string>
#include <vector>

#include "common/sql/testing/test_postgres.h"
#include "common/status/log_detail.h"
#include "common/status/macros.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace clientele::sql {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

// Each row says by what it was inserted.
constexpr absl::string_view kSchema =
    "CREATE TABLE told (entry_id BIGINT NOT NULL, filler TEXT, by TEXT DEFAULT current_query());"
    "CREATE TABLE narrow (entry_id INTEGER, filler TEXT, by TEXT DEFAULT current_query())";
constexpr Statement kInsertTold = {"InsertTold",
                                   "INSERT INTO told (entry_id, filler) VALUES ($1, $2)"};
constexpr Statement kInsertNarrow = {"InsertNarrow",
                                     "INSERT INTO narrow (entry_id, filler) VALUES ($1, $2)"};
constexpr Statement kFindTold = {"FindTold", "SELECT by FROM told WHERE entry_id = $1"};
constexpr Statement kFindNarrow = {"FindNarrow", "SELECT by FROM narrow WHERE entry_id = $1"};

constexpr int64_t kFewest = 2'000;  // of the rows that go in by COPY

class PostgresCopyTest : public ::testing::Test {
 protected:
  PostgresCopyTest() {
    const absl::Status created =
        database_->RunInTransaction({}, [](Tx& tx) { return tx.ExecuteSchema(kSchema); });
    CLIENTELE_CHECK(created.ok());
  }

  // Inserts the rows `first` to `end` - 1.
  absl::Status Insert(const Statement& statement, int64_t first, int64_t end,
                      const Param& filler = "x") {
    std::vector<std::vector<Param>> rows;
    rows.reserve(end - first);
    for (int64_t i = first; i < end; ++i) rows.push_back({i, filler});
    return database_->RunInTransaction({}, [&](Tx& tx) -> absl::Status {
      CLIENTELE_ASSIGN_OR_RETURN(const int64_t count, tx.ExecuteBatch(statement, rows));
      EXPECT_EQ(count, end - first);
      return absl::OkStatus();
    });
  }

  std::string HowItCame(const Statement& find, int64_t entry_id) {
    std::string how = "not at all";
    const absl::Status status = database_->RunReadOnly({}, [&](Tx& tx) {
      return tx.Query(find, {entry_id}, [&how](const Row& row) {
        how = std::string(row.Text(0));
        return absl::OkStatus();
      });
    });
    EXPECT_TRUE(status.ok()) << status;
    return how;
  }

  PostgresTestSchema schema_;
  std::unique_ptr<Database> database_ = schema_.Open();
};

TEST_F(PostgresCopyTest, TakesWhatHasManyRows) {
  EXPECT_EQ(Insert(kInsertTold, 0, kFewest - 1), absl::OkStatus());
  EXPECT_THAT(HowItCame(kFindTold, 0), StartsWith("INSERT INTO told"));
  EXPECT_EQ(Insert(kInsertTold, kFewest, 2 * kFewest), absl::OkStatus());
  EXPECT_THAT(HowItCame(kFindTold, kFewest), StartsWith("COPY told"));
  EXPECT_THAT(HowItCame(kFindTold, 2 * kFewest - 1), StartsWith("COPY told"));
}

TEST_F(PostgresCopyTest, LeavesAloneWhatPostgresWouldHaveToConvert) {
  EXPECT_EQ(Insert(kInsertNarrow, 0, kFewest), absl::OkStatus());
  EXPECT_THAT(HowItCame(kFindNarrow, 1), StartsWith("INSERT INTO narrow"));
}

TEST_F(PostgresCopyTest, NeverTakesEightCharactersForANumber) {
  const std::vector<std::vector<Param>> rows(kFewest, {"12345678", "x"});
  const absl::Status status = database_->RunInTransaction(
      {}, [&rows](Tx& tx) { return tx.ExecuteBatch(kInsertTold, rows).status(); });
  EXPECT_THAT(GetLogDetail(status), HasSubstr("InsertTold: postgres 42804"));
}

TEST_F(PostgresCopyTest, TakesColumnsThatAreNullInEveryRow) {
  EXPECT_EQ(Insert(kInsertTold, 0, kFewest, kNull), absl::OkStatus());
  EXPECT_THAT(HowItCame(kFindTold, 0), StartsWith("COPY told"));
}

TEST_F(PostgresCopyTest, SaysWhatIsWrongWithTheTable) {
  constexpr Statement kInsertAbsent = {"InsertAbsent", "INSERT INTO absent (a, b) VALUES ($1, $2)"};
  EXPECT_THAT(GetLogDetail(Insert(kInsertAbsent, 0, kFewest)),
              HasSubstr("InsertAbsent: postgres 42P01"));
  EXPECT_EQ(Insert(kInsertTold, 0, kFewest), absl::OkStatus());
}

TEST_F(PostgresCopyTest, WritesNothingInAReadOnlyTransaction) {
  ASSERT_EQ(Insert(kInsertTold, 0, kFewest), absl::OkStatus());
  const std::vector<std::vector<Param>> rows(kFewest, {kFewest, "x"});
  const absl::Status status = database_->RunReadOnly(
      {}, [&rows](Tx& tx) { return tx.ExecuteBatch(kInsertTold, rows).status(); });
  EXPECT_EQ(status.code(), absl::StatusCode::kInternal);
  EXPECT_EQ(HowItCame(kFindTold, kFewest), "not at all");
  EXPECT_TRUE(database_->Ping().ok());
}

}  // namespace
}  // namespace clientele::sql
