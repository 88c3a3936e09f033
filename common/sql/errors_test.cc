#include "common/sql/errors.h"

#include "common/status/error.h"
#include "common/status/log_detail.h"
#include "gtest/gtest.h"

namespace clientele::sql {
namespace {

TEST(SqlErrors, KeepWhatTheDatabaseSaidOutOfWhatLeaves) {
  for (const absl::Status& status :
       {DatabaseUnavailable("secret"), DatabaseReadOnly("secret"), OutcomeUnknown("secret"),
        DiskFull("secret"), TransactionConflict("secret"), SqlDefect("secret"),
        ConstraintViolated({ConstraintKind::kCheck, "secret"})}) {
    EXPECT_EQ(status.message().find("secret"), absl::string_view::npos) << status;
    EXPECT_TRUE(GetErrorDetails(status)->metadata.empty()) << status;
    EXPECT_NE(GetLogDetail(status).find("secret"), std::string::npos) << status;
  }
  EXPECT_EQ(GetLogDetail(absl::OkStatus()), "");
}

TEST(SqlErrors, TellCallersWhenToTryAgain) {
  for (const absl::Status& status : {DatabaseUnavailable(""), DatabaseReadOnly(""),
                                     DatabaseOverloaded(), TransactionConflict("")}) {
    EXPECT_TRUE(GetErrorDetails(status)->retry_delay.has_value()) << status;
  }
  EXPECT_FALSE(GetErrorDetails(DiskFull(""))->retry_delay.has_value());
}

TEST(SqlErrors, TellTheLogWhichConstraintWasViolated) {
  const auto detail = [](ConstraintKind kind) {
    return GetLogDetail(ConstraintViolated({kind, "account.balance"}));
  };
  EXPECT_EQ(detail(ConstraintKind::kUnique), "constraint violated: UNIQUE account.balance");
  EXPECT_EQ(detail(ConstraintKind::kCheck), "constraint violated: CHECK account.balance");
  EXPECT_EQ(detail(ConstraintKind::kNotNull), "constraint violated: NOT NULL account.balance");
}

TEST(SqlErrors, TellWhatIsThereAlreadyFromOtherViolations) {
  constexpr UniqueKey kKey = {"b_by_c", "b.a, b.c"};
  const auto is_unique = [&](ConstraintKind kind, const std::string& subject) {
    return IsUniqueViolated(ConstraintViolated({kind, subject}), kKey);
  };
  EXPECT_TRUE(is_unique(ConstraintKind::kUnique, "b.a, b.c"));
  EXPECT_TRUE(is_unique(ConstraintKind::kUnique, "b_by_c"));
  EXPECT_TRUE(is_unique(ConstraintKind::kUnique, "b_by_c_102008")) << "of a shard";
  for (const char* other : {"", "b.a", "b.a, b.cc", "b_by", "b_by_c_", "b_by_c_d", "b_pkey"}) {
    EXPECT_FALSE(is_unique(ConstraintKind::kUnique, other)) << other;
  }
  EXPECT_FALSE(is_unique(ConstraintKind::kCheck, "b_by_c"));
  EXPECT_FALSE(IsUniqueViolated(SqlDefect("UNIQUE b_by_c"), kKey));
  EXPECT_FALSE(IsUniqueViolated(absl::OkStatus(), kKey));
}

TEST(SqlErrors, TakeOnlyTransactionConflictsForConflicts) {
  EXPECT_TRUE(IsTransactionConflict(TransactionConflict("")));
  EXPECT_FALSE(IsTransactionConflict(absl::AbortedError("etag")));
  EXPECT_FALSE(IsTransactionConflict(DatabaseUnavailable("")));
  EXPECT_FALSE(IsTransactionConflict(absl::OkStatus()));
}

}  // namespace
}  // namespace clientele::sql
