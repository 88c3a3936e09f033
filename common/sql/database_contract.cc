#include "common/sql/database_contract.h"

#include "absl/status/statusor.h"
#include "common/status/macros.h"

namespace clientele::sql {

std::string BackendName(const ::testing::TestParamInfo<DatabaseBackend>& info) {
  return info.param.name;
}

void DatabaseContract::SetUp() {
  under_test_ = GetParam().make();
  ASSERT_NE(under_test_, nullptr);
  const absl::Status created = Migrate(database(), {kCreateContractTables});
  ASSERT_TRUE(created.ok()) << created;
}

bool IsCitus(Database& database) {
  bool is_citus = false;
  const absl::Status status = database.RunReadOnly({}, [&is_citus](Tx& tx) {
    is_citus = tx.IsCitus();
    return absl::OkStatus();
  });
  EXPECT_TRUE(status.ok()) << status;
  return is_citus;
}

absl::Status DatabaseContract::Write(const Statement& statement, absl::Span<const Param> params) {
  return database().RunInTransaction(
      {}, [&](Tx& tx) { return tx.Execute(statement, params).status(); });
}

absl::Status DatabaseContract::Read(const Statement& statement, absl::Span<const Param> params,
                                    RowCallback on_row) {
  return database().RunReadOnly({}, [&](Tx& tx) { return tx.Query(statement, params, on_row); });
}

absl::Status DatabaseContract::InsertAccounts(absl::Span<const std::vector<Param>> rows) {
  return database().RunInTransaction(
      {}, [rows](Tx& tx) { return tx.ExecuteBatch(kInsertAccount, rows).status(); });
}

std::vector<Account> DatabaseContract::ListAccounts() {
  std::vector<Account> accounts;
  const absl::Status status = Read(kListAccounts, {}, [&accounts](const Row& row) {
    accounts.push_back({std::string(row.Text(0)), row.Int64(1)});
    return absl::OkStatus();
  });
  EXPECT_TRUE(status.ok()) << status;
  return accounts;
}

absl::StatusOr<int64_t> DatabaseContract::GetBalance(Tx& tx, absl::string_view account_id) {
  int64_t balance = 0;
  CLIENTELE_RETURN_IF_ERROR(tx.Query(kGetBalance, {account_id}, [&balance](const Row& row) {
    balance = row.Int64(0);
    return absl::OkStatus();
  }));
  return balance;
}

}  // namespace clientele::sql
