// Contract: what goes in comes out, and what cannot is refused. Every trap between SQLite and
// PostgreSQL that concerns values has its test here.

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/sql/database_contract.h"
#include "common/sql/errors.h"
#include "common/status/error.h"
#include "gmock/gmock.h"

namespace clientele::sql {
namespace {

using ::testing::ElementsAre;

constexpr int64_t kInt64Max = std::numeric_limits<int64_t>::max();
constexpr int64_t kInt64Min = std::numeric_limits<int64_t>::min();
constexpr int64_t kBalanceMax = 4'000'000'000'000'000'000;

// The values of column `words` in the order of `statement`'s rows, "NULL" for NULL.
std::vector<std::string> Words(Database& database, const Statement& statement) {
  std::vector<std::string> words;
  const absl::Status status = database.RunReadOnly({}, [&](Tx& tx) {
    return tx.Query(statement, {}, [&words](const Row& row) {
      words.push_back(row.IsNull(0) ? "NULL" : std::string(row.Text(0)));
      return absl::OkStatus();
    });
  });
  EXPECT_TRUE(status.ok()) << status;
  return words;
}

TEST_P(DatabaseContract, ReturnsEveryTypeAsItWasStored) {
  const std::string bytes("\0\xff\x01", 3);
  ASSERT_TRUE(Write(kInsertSample, {int64_t{1}, int64_t{-7}, 0.1, "naïve 😀", Bytes{bytes}}).ok());
  int row_count = 0;
  const absl::Status status = Read(kGetSample, {int64_t{1}}, [&](const Row& row) {
    ++row_count;
    EXPECT_EQ(row.Int64(0), -7);
    EXPECT_EQ(row.Double(1), 0.1);
    EXPECT_EQ(row.Text(2), "naïve 😀");
    EXPECT_EQ(row.Blob(3), bytes);
    EXPECT_FALSE(row.IsNull(0));
    return absl::OkStatus();
  });
  EXPECT_TRUE(status.ok()) << status;
  EXPECT_EQ(row_count, 1);
}

TEST_P(DatabaseContract, TellsEmptyFromNull) {
  ASSERT_TRUE(Write(kInsertSample, {int64_t{1}, kNull, kNull, kNull, kNull}).ok());
  ASSERT_TRUE(
      Write(kInsertSample, {int64_t{2}, int64_t{0}, 0.0, absl::string_view(), Bytes{}}).ok());
  EXPECT_TRUE(Read(kGetSample, {int64_t{1}}, [](const Row& row) {
                for (int column = 0; column < 4; ++column) {
                  EXPECT_TRUE(row.IsNull(column)) << column;
                }
                return absl::OkStatus();
              }).ok());
  EXPECT_TRUE(Read(kGetSample, {int64_t{2}}, [](const Row& row) {
                for (int column = 0; column < 4; ++column) {
                  EXPECT_FALSE(row.IsNull(column)) << column;
                }
                EXPECT_EQ(row.Text(2), "");
                EXPECT_EQ(row.Blob(3), "");
                return absl::OkStatus();
              }).ok());
}

TEST_P(DatabaseContract, KeepsTheOutermostNumbers) {
  ASSERT_TRUE(Write(kInsertSample,
                    {int64_t{1}, kInt64Max, std::numeric_limits<double>::max(), kNull, kNull})
                  .ok());
  ASSERT_TRUE(Write(kInsertSample,
                    {int64_t{2}, kInt64Min, std::numeric_limits<double>::min(), kNull, kNull})
                  .ok());
  std::vector<int64_t> wholes;
  std::vector<double> reals;
  for (const int64_t id : {1, 2}) {
    ASSERT_TRUE(Read(kGetSample, {id}, [&](const Row& row) {
                  wholes.push_back(row.Int64(0));
                  reals.push_back(row.Double(1));
                  return absl::OkStatus();
                }).ok());
  }
  EXPECT_THAT(wholes, ElementsAre(kInt64Max, kInt64Min));
  EXPECT_THAT(reals,
              ElementsAre(std::numeric_limits<double>::max(), std::numeric_limits<double>::min()));
}

// SQLite numbers parameters in order of appearance: bound by position, these would be swapped.
TEST_P(DatabaseContract, BindsParametersByNameInWhateverOrderTheyAppear) {
  constexpr Statement kSwapped = {
      "InsertAccountSwapped",
      "INSERT INTO account (balance, account_id) SELECT $2, $1 WHERE $2 > 0"};
  ASSERT_TRUE(Write(kSwapped, {"a", int64_t{5}}).ok());
  EXPECT_THAT(ListAccounts(), ElementsAre(Account{"a", 5}));
}

TEST_P(DatabaseContract, RefusesTooFewAndTooManyParameters) {
  EXPECT_EQ(GetErrorReason(Write(kInsertAccount, {"a"})), "INTERNAL");
  EXPECT_EQ(GetErrorReason(Write(kInsertAccount, {"a", int64_t{1}, int64_t{2}})), "INTERNAL");
  constexpr Statement kWithGap = {"InsertWithGap",
                                  "INSERT INTO account (account_id, balance) VALUES ($1, $3)"};
  EXPECT_EQ(GetErrorReason(Write(kWithGap, {"a", int64_t{1}, int64_t{2}})), "INTERNAL");
  EXPECT_THAT(ListAccounts(), ElementsAre());
}

TEST_P(DatabaseContract, RefusesTextWithU0000) {
  for (const std::string& text : {std::string("\0", 1), std::string("12345678\0", 9),
                                  std::string("1234567\0x", 9), std::string("é\0", 3)}) {
    EXPECT_EQ(GetErrorReason(Write(kInsertAccount, {text, int64_t{1}})), "INTERNAL");
  }
}

TEST_P(DatabaseContract, RefusesTextThatIsNotUtf8) {
  for (const char* text : {"\xff", "12345678\xc3", "\xed\xa0\x80 surrogate", "\xc0\xaf overlong"}) {
    EXPECT_EQ(GetErrorReason(Write(kInsertAccount, {text, int64_t{1}})), "INTERNAL") << text;
  }
}

TEST_P(DatabaseContract, RefusesNaN) {
  EXPECT_EQ(GetErrorReason(Write(kInsertSample, {int64_t{1}, kNull, std::nan(""), kNull, kNull})),
            "INTERNAL");
}

// SQLite would turn the sum into a floating-point number and store that in the BIGINT column.
TEST_P(DatabaseContract, RefusesAnOverflowOfABoundedColumn) {
  ASSERT_TRUE(Write(kInsertAccount, {"a", kBalanceMax}).ok());
  const absl::Status status = Write(kAddToBalance, {"a", kInt64Max});
  EXPECT_EQ(status.code(), absl::StatusCode::kInternal);
  EXPECT_THAT(ListAccounts(), ElementsAre(Account{"a", kBalanceMax}));
}

TEST_P(DatabaseContract, SumsBigintsAsBigint) {
  ASSERT_TRUE(Write(kInsertAccount, {"a", kBalanceMax}).ok());
  ASSERT_TRUE(Write(kInsertAccount, {"b", int64_t{-3}}).ok());
  constexpr Statement kTotal = {"Total", "SELECT CAST(SUM(balance) AS BIGINT) FROM account"};
  int64_t total = 0;
  const absl::Status status = Read(kTotal, {}, [&total](const Row& row) {
    total = row.Int64(0);
    return absl::OkStatus();
  });
  EXPECT_TRUE(status.ok()) << status;
  EXPECT_EQ(total, kBalanceMax - 3);
}

TEST_P(DatabaseContract, OrdersNullsWhereTheStatementSays) {
  ASSERT_TRUE(Write(kInsertSample, {int64_t{1}, kNull, kNull, kNull, kNull}).ok());
  ASSERT_TRUE(Write(kInsertSample, {int64_t{2}, kNull, kNull, "x", kNull}).ok());
  EXPECT_THAT(
      Words(database(), {"NullsFirst", "SELECT words FROM sample ORDER BY words NULLS FIRST"}),
      ElementsAre("NULL", "x"));
  EXPECT_THAT(
      Words(database(), {"NullsLast", "SELECT words FROM sample ORDER BY words NULLS LAST"}),
      ElementsAre("x", "NULL"));
}

TEST_P(DatabaseContract, ComparesTextByItsBytes) {
  int64_t id = 0;
  for (const absl::string_view words : {"b", "é", "a", "B", "ab"}) {
    ASSERT_TRUE(Write(kInsertSample, {++id, kNull, kNull, words, kNull}).ok());
  }
  EXPECT_THAT(Words(database(), {"ByWords", "SELECT words FROM sample ORDER BY words NULLS LAST"}),
              ElementsAre("B", "a", "ab", "b", "é"));
  EXPECT_THAT(Words(database(), {"OnlyUpper", "SELECT words FROM sample WHERE words = 'B'"}),
              ElementsAre("B"));
}

TEST_P(DatabaseContract, TakesNoDoubleQuotedTextForAString) {
  const absl::Status status = Read({"DoubleQuoted", "SELECT \"no_such_column\""}, {}, &IgnoreRow);
  EXPECT_EQ(GetErrorReason(status), "INTERNAL");
}

TEST_P(DatabaseContract, UpsertsAndReturnsTheRow) {
  constexpr Statement kUpsert = {
      "UpsertAccount",
      "INSERT INTO account (account_id, balance) VALUES ($1, $2)"
      " ON CONFLICT (account_id) DO UPDATE SET balance = account.balance + excluded.balance"
      " RETURNING balance"};
  std::vector<int64_t> balances;
  for (const int64_t amount : {10, 5}) {
    const absl::Status status = database().RunInTransaction({}, [&](Tx& tx) {
      return tx.Query(kUpsert, {"a", amount}, [&](const Row& row) {
        balances.push_back(row.Int64(0));
        return absl::OkStatus();
      });
    });
    EXPECT_TRUE(status.ok()) << status;
  }
  EXPECT_THAT(balances, ElementsAre(10, 15));
}

TEST_P(DatabaseContract, KeepsOnlyTheLatestOfManyComposedTexts) {
  const absl::Status status = database().RunReadOnly({}, [](Tx& tx) {
    for (int64_t round = 0; round < 2; ++round) {
      for (int64_t i = 0; i < 100; ++i) {
        int64_t answer = -1;
        const absl::Status run =
            tx.QueryText("Composed", absl::StrCat("SELECT CAST($1 AS BIGINT) + ", i), {round},
                         [&answer](const Row& row) {
                           answer = row.Int64(0);
                           return absl::OkStatus();
                         });
        EXPECT_TRUE(run.ok()) << run;
        EXPECT_EQ(answer, round + i);
      }
    }
    return absl::OkStatus();
  });
  EXPECT_TRUE(status.ok()) << status;
}

TEST_P(DatabaseContract, DiesOnReadingAColumnAsAnotherType) {
  ASSERT_TRUE(Write(kInsertSample, {int64_t{1}, int64_t{1}, 1.0, "1", kNull}).ok());
  const auto read = [this](auto get) {
    Read(kGetSample, {int64_t{1}}, [&get](const Row& row) {
      get(row);
      return absl::OkStatus();
    }).IgnoreError();
  };
  EXPECT_DEATH(read([](const Row& row) { row.Text(0); }), "check failed");
  EXPECT_DEATH(read([](const Row& row) { row.Int64(1); }), "check failed");
  EXPECT_DEATH(read([](const Row& row) { row.Double(2); }), "check failed");
  EXPECT_DEATH(read([](const Row& row) { row.Blob(3); }), "check failed");
  EXPECT_DEATH(read([](const Row& row) { row.IsNull(4); }), "check failed");
}

}  // namespace
}  // namespace clientele::sql
