// Contract: one statement for many rows does what it would do row by row.

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/sql/database_contract.h"
#include "common/status/log_detail.h"
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
  std::vector<std::string> ids;
  for (int i = 0; i < 400; ++i) ids.push_back(absl::StrCat(1000 + i));
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
  const absl::Status status = database().RunInTransaction(
      {}, [&](Tx& tx) { return tx.ExecuteBatch(kInsertAccount, inserts).status(); });
  EXPECT_THAT(GetLogDetail(status), HasSubstr("UNIQUE"));
  EXPECT_THAT(ListAccounts(), IsEmpty());
}

TEST_P(DatabaseContract, KeepsNullsAndValuesOfABatchApart) {
  std::vector<std::vector<Param>> rows;
  for (int64_t i = 0; i < 40; ++i) {
    rows.push_back({i, i % 3 == 0 ? Param(kNull) : Param(i), 0.5, kNull, kNull});
  }
  const absl::Status status = database().RunInTransaction(
      {}, [&](Tx& tx) { return tx.ExecuteBatch(kInsertSample, rows).status(); });
  ASSERT_TRUE(status.ok()) << status;
  for (int64_t i = 0; i < 40; ++i) {
    const absl::Status read = Read(kGetSample, {i}, [i](const Row& row) {
      EXPECT_EQ(row.IsNull(0), i % 3 == 0) << i;
      EXPECT_EQ(row.IsNull(0) ? i : row.Int64(0), i);
      EXPECT_EQ(row.Double(1), 0.5);
      EXPECT_TRUE(row.IsNull(2));
      return absl::OkStatus();
    });
    EXPECT_TRUE(read.ok()) << read;
  }
}

}  // namespace
}  // namespace clientele::sql
