// Contract: one statement for many rows does what it would do row by row.

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/sql/database_contract.h"
#include "common/status/log_detail.h"
#include "common/status/macros.h"
#include "gmock/gmock.h"

namespace clientele::sql {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr Statement kInsertAccountIfAbsent = {"InsertAccountIfAbsent",
                                              "INSERT INTO account (account_id, balance) VALUES "
                                              "($1, $2) ON CONFLICT (account_id) DO NOTHING"};

// Around the numbers of rows that a driver may insert by one statement.
constexpr int kSizes[] = {1, 15, 16, 17, 300};
// Beyond what the driver for PostgreSQL inserts by COPY.
constexpr int kManyRows = 2'500;

// account_id "1000", "1001", …
std::vector<std::string> AccountIds(int count) {
  std::vector<std::string> ids;
  ids.reserve(count);
  for (int i = 0; i < count; ++i) ids.push_back(absl::StrCat(1000 + i));
  return ids;
}

// Their rows for kInsertAccount, with the balances 0, 1, …
std::vector<std::vector<Param>> AccountRows(const std::vector<std::string>& ids) {
  std::vector<std::vector<Param>> rows;
  rows.reserve(ids.size());
  for (const std::string& id : ids) {
    rows.push_back({absl::string_view(id), static_cast<int64_t>(rows.size())});
  }
  return rows;
}

TEST_P(DatabaseContract, ExecutesABatchInOrderAndSumsTheChanges) {
  const std::vector<std::vector<Param>> inserts = {{"a", int64_t{1}}, {"b", int64_t{2}}};
  const std::vector<std::vector<Param>> updates = {
      {"a", int64_t{10}}, {"a", int64_t{20}}, {"absent", int64_t{1}}};
  const absl::Status status = database().RunInTransaction({}, [&](Tx& tx) {
    EXPECT_EQ(*tx.ExecuteBatch(kInsertAccount, inserts), 2);
    EXPECT_EQ(*tx.ExecuteBatch(kSetBalance, updates), 2);
    EXPECT_EQ(*tx.ExecuteBatch(kSetBalance, {}), 0);
    return absl::OkStatus();
  });
  EXPECT_TRUE(status.ok()) << status;
  EXPECT_THAT(ListAccounts(), ElementsAre(Account{"a", 20}, Account{"b", 2}));
}

TEST_P(DatabaseContract, InsertsABatchOfAnySizeAndSkipsWhatIsThere) {
  const std::vector<std::string> ids = AccountIds(300);
  int64_t present_count = 0;
  for (const int size : kSizes) {
    std::vector<std::vector<Param>> rows;
    rows.reserve(size + 1);
    for (int i = 0; i < size; ++i) rows.push_back({absl::string_view(ids[i]), int64_t{size}});
    rows.push_back(rows.front());  // twice in one batch
    const absl::Status status = database().RunInTransaction({}, [&](Tx& tx) {
      EXPECT_EQ(*tx.ExecuteBatch(kInsertAccountIfAbsent, rows), size - present_count);
      EXPECT_EQ(*tx.ExecuteBatch(kInsertAccountIfAbsent, rows), 0);
      return absl::OkStatus();
    });
    EXPECT_TRUE(status.ok()) << status;
    present_count = size;
  }
  const std::vector<Account> accounts = ListAccounts();
  ASSERT_EQ(accounts.size(), 300u);
  EXPECT_EQ(accounts[0].balance, 1);
  EXPECT_EQ(accounts[14].balance, 15);
  EXPECT_EQ(accounts[299].balance, 300);
}

TEST_P(DatabaseContract, KeepsNothingOfABatchThatFailsInTheMiddle) {
  const std::vector<std::vector<Param>> inserts = {
      {"a", int64_t{1}}, {"b", int64_t{2}}, {"a", int64_t{3}}, {"c", int64_t{4}}};
  EXPECT_THAT(GetLogDetail(InsertAccounts(inserts)), HasSubstr("UNIQUE"));
  EXPECT_THAT(ListAccounts(), IsEmpty());
}

TEST_P(DatabaseContract, KeepsNothingOfALargeBatchThatFailsAtItsEnd) {
  const std::vector<std::string> ids = AccountIds(kManyRows);
  std::vector<std::vector<Param>> rows = AccountRows(ids);
  rows.push_back({absl::string_view(ids[7]), int64_t{3}});
  EXPECT_THAT(GetLogDetail(InsertAccounts(rows)), HasSubstr("UNIQUE"));
  rows.back() = {"a", int64_t{4'000'000'000'000'000'001}};
  EXPECT_THAT(GetLogDetail(InsertAccounts(rows)), HasSubstr("CHECK account_balance_bounds"));
  rows.back() = {"a", kNull};
  EXPECT_THAT(GetLogDetail(InsertAccounts(rows)), HasSubstr("NOT NULL account.balance"));
  rows.back() = {absl::string_view("a\0b", 3), int64_t{1}};
  EXPECT_EQ(InsertAccounts(rows).code(), absl::StatusCode::kInternal);
  EXPECT_THAT(ListAccounts(), IsEmpty());
  rows.pop_back();
  EXPECT_EQ(InsertAccounts(rows), absl::OkStatus());
  EXPECT_EQ(ListAccounts().size(), ids.size());
}

TEST_P(DatabaseContract, QueriesForEachElementOfABatchInOrder) {
  const std::vector<std::string> ids = AccountIds(kManyRows);
  ASSERT_EQ(InsertAccounts(AccountRows(ids)), absl::OkStatus());
  std::vector<std::vector<Param>> keys;
  keys.reserve(2 * ids.size());
  for (const std::string& id : ids) {  // every second one finds nothing
    keys.push_back({absl::string_view(id)});
    keys.push_back({"absent"});
  }
  std::vector<int64_t> balances;
  balances.reserve(ids.size());
  const absl::Status status = database().RunReadOnly({}, [&](Tx& tx) -> absl::Status {
    // A query whose rows have come one by one leaves nothing behind.
    CLIENTELE_RETURN_IF_ERROR(tx.Query(kListAccounts, {}, &IgnoreRow));
    CLIENTELE_RETURN_IF_ERROR(tx.QueryBatch(
        kGetBalance, {}, [](size_t, const Row&) { return absl::InternalError("of no element"); }));
    return tx.QueryBatch(kGetBalance, keys, [&balances](size_t index, const Row& row) {
      EXPECT_EQ(index, 2 * balances.size());
      balances.push_back(row.Int64(0));
      return absl::OkStatus();
    });
  });
  EXPECT_TRUE(status.ok()) << status;
  ASSERT_EQ(balances.size(), ids.size());
  EXPECT_EQ(balances.front(), 0);
  EXPECT_EQ(balances.back(), kManyRows - 1);
}

TEST_P(DatabaseContract, LivesOnWhenACallbackEndsAQueryBatch) {
  ASSERT_EQ(InsertAccounts({{"a", int64_t{1}}, {"b", int64_t{2}}}), absl::OkStatus());
  int call_count = 0;
  const absl::Status status = database().RunInTransaction({}, [&](Tx& tx) {
    const absl::Status refused =
        tx.QueryBatch(kGetBalance, {{"a"}, {"b"}}, [&call_count](size_t, const Row&) {
          ++call_count;
          return absl::AbortedError("enough");
        });
    EXPECT_EQ(refused, absl::AbortedError("enough"));
    EXPECT_EQ(*GetBalance(tx, "b"), 2);
    return absl::OkStatus();
  });
  EXPECT_TRUE(status.ok()) << status;
  EXPECT_EQ(call_count, 1);
}

TEST_P(DatabaseContract, LosesTheTransactionOfAQueryBatchThatFails) {
  constexpr Statement kBroken = {"Broken", "SELECT absent FROM account WHERE account_id = $1"};
  const auto ignore = [](size_t, const Row&) { return absl::OkStatus(); };
  const absl::Status status = database().RunInTransaction({}, [&](Tx& tx) {
    EXPECT_EQ(tx.QueryBatch(kBroken, {{"a"}, {"b"}}, ignore).code(), absl::StatusCode::kInternal);
    EXPECT_FALSE(tx.QueryBatch(kGetBalance, {{"a"}}, ignore).ok());
    return absl::OkStatus();
  });
  EXPECT_EQ(status.code(), absl::StatusCode::kInternal);
}

TEST_P(DatabaseContract, KeepsNullsAndValuesOfABatchApart) {
  constexpr int64_t kSampleCount = kManyRows;
  std::vector<std::vector<Param>> rows;
  rows.reserve(kSampleCount);
  for (int64_t i = 0; i < kSampleCount; ++i) {
    rows.push_back({i, i % 3 == 0 ? Param(kNull) : Param(-i), 0.5, kNull,
                    i % 2 == 0 ? Param(Bytes{"\377"}) : Param(kNull)});
  }
  const absl::Status status = database().RunInTransaction(
      {}, [&](Tx& tx) { return tx.ExecuteBatch(kInsertSample, rows).status(); });
  ASSERT_TRUE(status.ok()) << status;
  for (int64_t i = 0; i < kSampleCount; ++i) {
    const absl::Status read = Read(kGetSample, {i}, [i](const Row& row) {
      EXPECT_EQ(row.IsNull(0), i % 3 == 0) << i;
      EXPECT_EQ(row.IsNull(0) ? -i : row.Int64(0), -i);
      EXPECT_EQ(row.Double(1), 0.5);
      EXPECT_TRUE(row.IsNull(2));
      EXPECT_EQ(row.IsNull(3) ? "" : row.Blob(3), i % 2 == 0 ? "\377" : "");
      return absl::OkStatus();
    });
    EXPECT_TRUE(read.ok()) << read;
  }
}

}  // namespace
}  // namespace clientele::sql
