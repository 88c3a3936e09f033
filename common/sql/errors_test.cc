#include "common/sql/errors.h"

#include "common/status/error.h"
#include "gtest/gtest.h"

namespace clientele::sql {
namespace {

TEST(SqlErrors, KeepWhatTheDatabaseSaidOutOfWhatLeaves) {
  for (const absl::Status& status :
       {DatabaseUnavailable("secret"), DiskFull("secret"), TransactionConflict("secret"),
        SqlDefect("secret"), ConstraintViolated({ConstraintKind::kCheck, "secret"})}) {
    EXPECT_EQ(status.message().find("secret"), absl::string_view::npos) << status;
    EXPECT_TRUE(GetErrorDetails(status)->metadata.empty()) << status;
    EXPECT_NE(GetLogDetail(status).find("secret"), std::string::npos) << status;
  }
  EXPECT_EQ(GetLogDetail(absl::OkStatus()), "");
}

TEST(SqlErrors, TellCallersWhenToTryAgain) {
  for (const absl::Status& status :
       {DatabaseUnavailable(""), DatabaseOverloaded(), TransactionConflict("")}) {
    EXPECT_TRUE(GetErrorDetails(status)->retry_delay.has_value()) << status;
  }
  EXPECT_FALSE(GetErrorDetails(DiskFull(""))->retry_delay.has_value());
}

TEST(SqlErrors, ReturnTheViolatedConstraint) {
  for (const ConstraintKind kind :
       {ConstraintKind::kUnique, ConstraintKind::kCheck, ConstraintKind::kNotNull}) {
    const auto violation = GetConstraintViolation(ConstraintViolated({kind, "account.balance"}));
    ASSERT_TRUE(violation.has_value());
    EXPECT_EQ(violation->kind, kind);
    EXPECT_EQ(violation->subject, "account.balance");
  }
  EXPECT_FALSE(GetConstraintViolation(SqlDefect("other")).has_value());
}

TEST(SqlErrors, TakeOnlyTransactionConflictsForConflicts) {
  EXPECT_TRUE(IsTransactionConflict(TransactionConflict("")));
  EXPECT_FALSE(IsTransactionConflict(absl::AbortedError("etag")));
  EXPECT_FALSE(IsTransactionConflict(DatabaseUnavailable("")));
  EXPECT_FALSE(IsTransactionConflict(absl::OkStatus()));
}

}  // namespace
}  // namespace clientele::sql
