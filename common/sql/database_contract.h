#ifndef COMMON_SQL_DATABASE_CONTRACT_H_
#define COMMON_SQL_DATABASE_CONTRACT_H_

// What every driver must do, as tests parameterised by the driver.
//
// A driver's test lists the database_contract*.cc files among its sources and says
//   INSTANTIATE_TEST_SUITE_P(Sqlite, DatabaseContract, ::testing::Values(...), BackendName);

#include <cstdint>
#include <functional>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "common/sql/database.h"
#include "common/sql/migration.h"
#include "gtest/gtest.h"

namespace clientele::sql {

// One empty database, gone with its object.
class DatabaseUnderTest {
 public:
  virtual ~DatabaseUnderTest() = default;
  virtual Database& database() = 0;

  // Closes it and opens it again; false where the content does not outlive closing.
  virtual bool Reopen() = 0;
};

struct DatabaseBackend {
  std::string name;
  std::function<std::unique_ptr<DatabaseUnderTest>()> make;

  friend void PrintTo(const DatabaseBackend& backend, std::ostream* out) { *out << backend.name; }
};

// The name of a parameterised test.
std::string BackendName(const ::testing::TestParamInfo<DatabaseBackend>& info);

// One row of `account`.
struct Account {
  std::string account_id;
  int64_t balance = 0;

  friend bool operator==(const Account&, const Account&) = default;
};

// The tables of the tests.
inline constexpr Migration kCreateContractTables = {1, "create_contract_tables", R"sql(
CREATE TABLE account (
  account_id TEXT NOT NULL,
  balance BIGINT NOT NULL,
  PRIMARY KEY (account_id),
  CONSTRAINT account_balance_bounds
    CHECK (balance BETWEEN -4000000000000000000 AND 4000000000000000000)
) /* sqlite: WITHOUT ROWID */;
CREATE TABLE sample (
  sample_id BIGINT NOT NULL,
  whole BIGINT,
  real_number DOUBLE PRECISION,
  words TEXT,
  bytes BYTEA,
  PRIMARY KEY (sample_id)
);
)sql",
                                                    R"sql(
SELECT create_distributed_table('account', 'account_id', colocate_with => 'none');
SELECT create_distributed_table('sample', 'sample_id', colocate_with => 'none');
)sql"};

inline constexpr Statement kInsertAccount = {
    "InsertAccount", "INSERT INTO account (account_id, balance) VALUES ($1, $2)"};
inline constexpr Statement kAddToBalance = {
    "AddToBalance", "UPDATE account SET balance = balance + $2 WHERE account_id = $1"};
inline constexpr Statement kSetBalance = {"SetBalance",
                                          "UPDATE account SET balance = $2 WHERE account_id = $1"};
inline constexpr Statement kGetBalance = {"GetBalance",
                                          "SELECT balance FROM account WHERE account_id = $1"};
inline constexpr Statement kListAccounts = {
    "ListAccounts", "SELECT account_id, balance FROM account ORDER BY account_id"};
inline constexpr Statement kInsertSample = {
    "InsertSample",
    "INSERT INTO sample (sample_id, whole, real_number, words, bytes) VALUES ($1, $2, $3, $4, $5)"};
inline constexpr Statement kGetSample = {
    "GetSample", "SELECT whole, real_number, words, bytes FROM sample WHERE sample_id = $1"};

class DatabaseContract : public ::testing::TestWithParam<DatabaseBackend> {
 protected:
  void SetUp() override;

  Database& database() { return under_test_->database(); }
  bool Reopen() { return under_test_->Reopen(); }

  // Each runs one statement in a transaction of its own.
  absl::Status Write(const Statement& statement, absl::Span<const Param> params);
  absl::Status Read(const Statement& statement, absl::Span<const Param> params, RowCallback on_row);

  // Runs kInsertAccount for all `rows` in a transaction of its own.
  absl::Status InsertAccounts(absl::Span<const std::vector<Param>> rows);

  // Every row of `account` by id; fails the test when it cannot be read.
  std::vector<Account> ListAccounts();

  // One balance as `tx` sees it.
  static absl::StatusOr<int64_t> GetBalance(Tx& tx, absl::string_view account_id);

 private:
  std::unique_ptr<DatabaseUnderTest> under_test_;
};

// Whether `database` says it is; fails the test when it cannot be asked.
bool IsCitus(Database& database);

// For statements whose rows do not matter.
inline absl::Status IgnoreRow(const Row&) { return absl::OkStatus(); }

}  // namespace clientele::sql

#endif  // COMMON_SQL_DATABASE_CONTRACT_H_
