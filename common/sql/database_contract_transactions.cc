// Contract: what a transaction promises to the code that runs in it.

#include <atomic>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/sql/database_contract.h"
#include "common/sql/errors.h"
#include "common/status/error.h"
#include "common/status/log_detail.h"
#include "common/status/macros.h"
#include "gmock/gmock.h"

namespace clientele::sql {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

absl::Status Insert(Tx& tx, absl::string_view account_id, int64_t balance) {
  return tx.Execute(kInsertAccount, {account_id, balance}).status();
}

TEST_P(DatabaseContract, SeesItsOwnWritesAndCommitsThem) {
  const absl::Status status = database().RunInTransaction({}, [](Tx& tx) -> absl::Status {
    CLIENTELE_RETURN_IF_ERROR(Insert(tx, "a", 7));
    CLIENTELE_ASSIGN_OR_RETURN(const int64_t balance, GetBalance(tx, "a"));
    EXPECT_EQ(balance, 7);
    return absl::OkStatus();
  });
  EXPECT_TRUE(status.ok()) << status;
  EXPECT_THAT(ListAccounts(), ElementsAre(Account{"a", 7}));
}

TEST_P(DatabaseContract, RollsBackWhenTheWorkFails) {
  const absl::Status status = database().RunInTransaction({}, [](Tx& tx) -> absl::Status {
    CLIENTELE_RETURN_IF_ERROR(Insert(tx, "a", 7));
    return absl::NotFoundError("nothing here");
  });
  EXPECT_EQ(status, absl::NotFoundError("nothing here"));
  EXPECT_THAT(ListAccounts(), IsEmpty());
}

TEST_P(DatabaseContract, RollsBackAfterAFailedStatementWhateverTheWorkAnswers) {
  const absl::Status status = database().RunInTransaction({}, [](Tx& tx) {
    EXPECT_TRUE(Insert(tx, "a", 1).ok());
    EXPECT_FALSE(Insert(tx, "a", 2).ok());
    return absl::OkStatus();
  });
  EXPECT_EQ(status.code(), absl::StatusCode::kInternal);
  EXPECT_THAT(ListAccounts(), IsEmpty());
}

TEST_P(DatabaseContract, AnswersTheFirstErrorAfterAFailedStatement) {
  const absl::Status status = database().RunInTransaction({}, [](Tx& tx) {
    EXPECT_TRUE(Insert(tx, "a", 1).ok());
    absl::Status first = Insert(tx, "a", 2);
    EXPECT_EQ(Insert(tx, "b", 1), first);
    EXPECT_EQ(GetBalance(tx, "a").status(), first);
    EXPECT_EQ(tx.LockRows("account", "account_id", {"a"}), first);
    return first;
  });
  EXPECT_THAT(GetLogDetail(status), HasSubstr("UNIQUE"));
  EXPECT_THAT(ListAccounts(), IsEmpty());
  EXPECT_TRUE(Write(kInsertAccount, {"a", int64_t{1}}).ok()) << "the connection is clean again";
}

TEST_P(DatabaseContract, TellsOnlyTheLogWhichConstraintWasViolated) {
  ASSERT_TRUE(Write(kInsertAccount, {"a", int64_t{1}}).ok());
  const auto detail = [](const absl::Status& status) {
    EXPECT_EQ(GetErrorReason(status), "INTERNAL");
    EXPECT_EQ(status.message(), "internal error");
    return GetLogDetail(status);
  };
  EXPECT_THAT(detail(Write(kInsertAccount, {"a", int64_t{2}})), HasSubstr("UNIQUE"));
  EXPECT_THAT(detail(Write(kInsertAccount, {"b", kNull})), HasSubstr("NOT NULL"));
  EXPECT_THAT(detail(Write(kInsertAccount, {"b", int64_t{4'000'000'000'000'000'001}})),
              HasSubstr("CHECK account_balance_bounds"));
}

TEST_P(DatabaseContract, TellsWhichKeyIsTaken) {
  constexpr UniqueKey kAccountKey = {"account_pkey", "account.account_id"};
  constexpr UniqueKey kSampleKey = {"sample_pkey", "sample.sample_id"};
  const std::vector<Param> sample = {int64_t{1}, kNull, kNull, kNull, kNull};
  ASSERT_TRUE(Write(kInsertAccount, {"a", int64_t{1}}).ok());
  ASSERT_TRUE(Write(kInsertSample, sample).ok());
  const absl::Status account = Write(kInsertAccount, {"a", int64_t{1}});
  const absl::Status other = Write(kInsertSample, sample);
  EXPECT_TRUE(IsUniqueViolated(account, kAccountKey)) << GetLogDetail(account);
  EXPECT_FALSE(IsUniqueViolated(account, kSampleKey));
  EXPECT_TRUE(IsUniqueViolated(other, kSampleKey)) << GetLogDetail(other);
  EXPECT_FALSE(IsUniqueViolated(other, kAccountKey));
}

TEST_P(DatabaseContract, KeepsValuesOutOfTheLog) {
  const std::string personal = "mary.smith@example.com";
  ASSERT_TRUE(Write(kInsertAccount, {personal, int64_t{1}}).ok());
  for (const absl::Status& status :
       {Write(kInsertAccount, {personal, int64_t{2}}), Write(kInsertAccount, {personal, kNull}),
        Write({"Broken", "UPDATE no_such_table SET x = $1"}, {personal}),
        Write(kInsertAccount, {personal}),
        Write(kInsertAccount, {personal + "\xff", int64_t{1}})}) {
    EXPECT_FALSE(status.ok());
    EXPECT_THAT(GetLogDetail(status), Not(HasSubstr("mary")));
    EXPECT_THAT(GetLogDetail(status), Not(IsEmpty()));
  }
}

TEST_P(DatabaseContract, ReportsWrongSqlAsADefect) {
  const absl::Status status = Write({"Broken", "UPDATE no_such_table SET x = 1"}, {});
  EXPECT_EQ(status.code(), absl::StatusCode::kInternal);
  EXPECT_EQ(status.message(), "internal error");
  EXPECT_NE(GetLogDetail(status), "");
}

TEST_P(DatabaseContract, RefusesToWriteInAReadOnlyTransaction) {
  const absl::Status status = database().RunReadOnly({}, [](Tx& tx) {
    EXPECT_EQ(Insert(tx, "a", 1).code(), absl::StatusCode::kInternal);
    return absl::OkStatus();
  });
  EXPECT_EQ(status.code(), absl::StatusCode::kInternal);
  EXPECT_THAT(ListAccounts(), IsEmpty());
}

TEST_P(DatabaseContract, RunsAgainAfterAConflictWithoutTheEffectsOfTheLostAttempt) {
  int attempts = 0;
  const absl::Status status = database().RunInTransaction({}, [&](Tx& tx) -> absl::Status {
    ++attempts;
    CLIENTELE_RETURN_IF_ERROR(Insert(tx, absl::StrCat("attempt-", attempts), 1));
    return attempts < kTransactionAttemptsMax ? TransactionConflict("test") : absl::OkStatus();
  });
  EXPECT_TRUE(status.ok()) << status;
  EXPECT_EQ(attempts, kTransactionAttemptsMax);
  EXPECT_THAT(ListAccounts(), ElementsAre(Account{"attempt-3", 1}));
}

TEST_P(DatabaseContract, GivesUpAfterThreeConflicts) {
  int attempts = 0;
  const absl::Status status = database().RunInTransaction({}, [&](Tx&) {
    ++attempts;
    return TransactionConflict("test");
  });
  EXPECT_EQ(GetErrorReason(status), "TRANSACTION_CONFLICT");
  EXPECT_EQ(attempts, kTransactionAttemptsMax);
}

TEST_P(DatabaseContract, RunsOnceWhenTheErrorIsNoConflict) {
  int attempts = 0;
  const absl::Status status = database().RunInTransaction({}, [&](Tx&) {
    ++attempts;
    return absl::AbortedError("an etag that does not match");
  });
  EXPECT_EQ(status.code(), absl::StatusCode::kAborted);
  EXPECT_EQ(attempts, 1);
}

TEST_P(DatabaseContract, EndsTheStatementWhenARowCallbackFails) {
  const absl::Status status = database().RunInTransaction({}, [](Tx& tx) -> absl::Status {
    for (const absl::string_view id : {"a", "b", "c"}) {
      CLIENTELE_RETURN_IF_ERROR(Insert(tx, id, 1));
    }
    int rows = 0;
    const auto stop_at_second = [&rows](const Row&) {
      return ++rows == 2 ? absl::CancelledError("enough") : absl::OkStatus();
    };
    EXPECT_EQ(tx.Query(kListAccounts, {}, stop_at_second), absl::CancelledError("enough"));
    EXPECT_EQ(rows, 2);
    rows = 0;
    EXPECT_EQ(tx.Query(kListAccounts, {}, stop_at_second), absl::CancelledError("enough"));
    EXPECT_EQ(rows, 2);
    return absl::OkStatus();
  });
  EXPECT_TRUE(status.ok()) << status;
  EXPECT_EQ(ListAccounts().size(), 3u) << "a callback's error does not lose the transaction";
}

TEST_P(DatabaseContract, RefusesToBeUsedInsideARowCallback) {
  ASSERT_TRUE(Write(kInsertAccount, {"a", int64_t{1}}).ok());
  const absl::Status status = database().RunReadOnly({}, [](Tx& tx) {
    return tx.Query(kListAccounts, {}, [&tx](const Row&) { return GetBalance(tx, "a").status(); });
  });
  EXPECT_EQ(status.code(), absl::StatusCode::kInternal);
}

TEST_P(DatabaseContract, CountsChangedRows) {
  const absl::Status status = database().RunInTransaction({}, [](Tx& tx) -> absl::Status {
    constexpr Statement kDrain = {"Drain", "UPDATE account SET balance = 0 WHERE balance > $1"};
    constexpr Statement kDeleteAll = {"DeleteAll", "DELETE FROM account"};
    constexpr Statement kInsertIfAbsent = {
        "InsertIfAbsent",
        "INSERT INTO account (account_id, balance) VALUES ($1, 0) ON CONFLICT DO NOTHING"};
    CLIENTELE_RETURN_IF_ERROR(Insert(tx, "a", 1));
    CLIENTELE_RETURN_IF_ERROR(Insert(tx, "b", 5));
    EXPECT_EQ(*tx.Execute(kDrain, {int64_t{2}}), 1);
    EXPECT_EQ(*tx.Execute(kDrain, {int64_t{2}}), 0);
    EXPECT_EQ(*tx.Execute(kInsertIfAbsent, {"a"}), 0);
    EXPECT_EQ(*tx.Execute(kDeleteAll, {}), 2);
    return absl::OkStatus();
  });
  EXPECT_TRUE(status.ok()) << status;
}

TEST_P(DatabaseContract, RefusesToExecuteAStatementThatReturnsRows) {
  ASSERT_TRUE(Write(kInsertAccount, {"a", int64_t{1}}).ok());
  EXPECT_EQ(Write(kListAccounts, {}).code(), absl::StatusCode::kInternal);
}

TEST_P(DatabaseContract, DiesOnLockingUnsortedOrRepeatedKeys) {
  const auto lock = [this](std::vector<std::string> keys) {
    return database().RunInTransaction(
        {}, [&keys](Tx& tx) { return tx.LockRows("account", "account_id", keys); });
  };
  EXPECT_TRUE(lock({"absent-1", "absent-2"}).ok());
  EXPECT_DEATH(lock({"b", "a"}).IgnoreError(), "check failed");
  EXPECT_DEATH(lock({"a", "a"}).IgnoreError(), "check failed");
}

TEST_P(DatabaseContract, DoesNotStartAfterTheDeadline) {
  const TxOptions late{.deadline = absl::Now() - absl::Milliseconds(1)};
  bool ran = false;
  const auto work = [&ran](Tx&) {
    ran = true;
    return absl::OkStatus();
  };
  EXPECT_EQ(GetErrorReason(database().RunInTransaction(late, work)), "DEADLINE_TOO_SHORT");
  EXPECT_EQ(GetErrorReason(database().RunReadOnly(late, work)), "DEADLINE_TOO_SHORT");
  EXPECT_FALSE(ran);
}

constexpr Statement kEndless = {
    "Endless",
    "WITH RECURSIVE n(i) AS (SELECT CAST(1 AS BIGINT) UNION ALL SELECT i + 1 FROM n)"
    " SELECT COUNT(*) FROM n"};

TEST_P(DatabaseContract, StopsAStatementWhoseCallerHasGone) {
  std::atomic<int> asked_count = 0;
  const TxOptions options{.is_cancelled = [&asked_count] { return ++asked_count > 2; }};
  const absl::Status status =
      database().RunReadOnly(options, [&](Tx& tx) { return tx.Query(kEndless, {}, &IgnoreRow); });
  EXPECT_EQ(GetErrorReason(status), "DEADLINE_TOO_SHORT");
  EXPECT_TRUE(database().Ping().ok()) << "the next transaction finds a clean connection";
}

TEST_P(DatabaseContract, StopsAStatementThatRunsPastTheDeadline) {
  const TxOptions options{.deadline = absl::Now() + absl::Milliseconds(50)};
  const absl::Status status =
      database().RunReadOnly(options, [&](Tx& tx) { return tx.Query(kEndless, {}, &IgnoreRow); });
  EXPECT_EQ(GetErrorReason(status), "DEADLINE_TOO_SHORT");
  EXPECT_TRUE(database().Ping().ok()) << "the connection is clean again";
}

TEST_P(DatabaseContract, KnowsWhichTablesExist) {
  const absl::Status status = database().RunReadOnly({}, [](Tx& tx) -> absl::Status {
    CLIENTELE_ASSIGN_OR_RETURN(const bool has_account, tx.TableExists("account"));
    CLIENTELE_ASSIGN_OR_RETURN(const bool has_other, tx.TableExists("accounts"));
    EXPECT_TRUE(has_account);
    EXPECT_FALSE(has_other);
    return absl::OkStatus();
  });
  EXPECT_TRUE(status.ok()) << status;
}

TEST_P(DatabaseContract, RollsBackSchemaChanges) {
  const absl::Status status = database().RunInTransaction({}, [](Tx& tx) -> absl::Status {
    CLIENTELE_RETURN_IF_ERROR(
        tx.ExecuteSchema("CREATE TABLE extra (x BIGINT);\nDROP TABLE sample;"));
    return absl::CancelledError("changed my mind");
  });
  EXPECT_EQ(status.code(), absl::StatusCode::kCancelled);
  EXPECT_TRUE(Read(kGetSample, {int64_t{1}}, &IgnoreRow).ok());
  EXPECT_EQ(Read({"ReadExtra", "SELECT x FROM extra"}, {}, &IgnoreRow).code(),
            absl::StatusCode::kInternal);
}

TEST_P(DatabaseContract, KeepsWhatItCommittedAcrossReopening) {
  ASSERT_TRUE(Write(kInsertAccount, {"a", int64_t{7}}).ok());
  if (!Reopen()) {
    GTEST_SKIP() << "this database ends with its process";
  }
  EXPECT_THAT(ListAccounts(), ElementsAre(Account{"a", 7}));
  EXPECT_TRUE(database().Ping().ok());
}

}  // namespace
}  // namespace clientele::sql
