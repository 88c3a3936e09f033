#include "services/complaints/jobs/remedy_executor.h"

#include <string>

#include "common/sql/transaction.h"
#include "common/status/error.h"
#include "gtest/gtest.h"
#include "services/complaints/testing/api_fixture.h"

namespace clientele::complaints {
namespace {

class RemedyExecutorTest : public ::testing::Test {
 protected:
  v1::Remedy RemedyNow(const std::string& customer_id = "c-1") {
    return fixture_.Get(customer_id).remedies(0);
  }

  // Lets `wait` pass and makes what is due then.
  void RunAfter(absl::Duration wait) {
    fixture_.record_clock().Advance(wait);
    fixture_.executor().RunDue();
  }

  // Every attempt there may be.
  void RunUntilNothingIsDue() {
    for (int i = 0; i < 20; ++i) RunAfter(absl::Minutes(11));
  }

  int64_t PendingCount() {
    return sql::ReadIn(fixture_.database(), {}, CountPending).value().remedies;
  }

  // Changes the database behind the service's back.
  absl::Status Execute(absl::string_view text) {
    return fixture_.database().RunInTransaction(
        {}, [text](sql::Tx& tx) { return tx.ExecuteSchema(text); });
  }

  // A process that died after the approval was committed: nobody tried to give the points.
  void DieAfterApproval(const std::string& remedy_id, const std::string& customer_id = "c-1") {
    fixture_.api().give_now = [](const RemedyKey&, const rpc::CallOptions&) {};
    ASSERT_EQ(fixture_.Approve(remedy_id, customer_id)->remedies(0).state(),
              v1::REMEDY_STATE_APPROVED);
  }

  ApiFixture fixture_;
  FakeNeighbours& neighbours_ = fixture_.neighbours();
};

TEST_F(RemedyExecutorTest, AnswersExecutedWhenLoyaltyAnswersInTime) {
  const auto approved = fixture_.Approve(fixture_.FileWithRemedy());
  ASSERT_TRUE(approved.ok()) << approved.status();
  EXPECT_EQ(approved->remedies(0).state(), v1::REMEDY_STATE_EXECUTED);
  EXPECT_EQ(approved->remedies(0).ledger_transaction_id(), "t-1");
  EXPECT_EQ(neighbours_.Points("c-1"), 500);
  EXPECT_EQ(PendingCount(), 0);
  EXPECT_EQ(fixture_.Timeline().back().actor(), "system");
}

TEST_F(RemedyExecutorTest, ARepeatedApprovalGivesNothingTwice) {
  const std::string remedy_id = fixture_.FileWithRemedy();
  const auto first = fixture_.Approve(remedy_id);
  const auto second = fixture_.Approve(remedy_id);
  EXPECT_EQ(first->SerializeAsString(), second->SerializeAsString());
  EXPECT_EQ(neighbours_.Points("c-1"), 500);
  EXPECT_EQ(neighbours_.ledger_call_count(), 1);
}

TEST_F(RemedyExecutorTest, ARepeatedApprovalAnswersWhatHasBecomeOfThePoints) {
  const std::string remedy_id = fixture_.FileWithRemedy();
  neighbours_.SetLoyalty(Fault::kAway);
  EXPECT_EQ(fixture_.Approve(remedy_id)->remedies(0).state(), v1::REMEDY_STATE_APPROVED);
  neighbours_.SetLoyalty(Fault::kNone);
  RunAfter(absl::Minutes(1));
  EXPECT_EQ(fixture_.Approve(remedy_id)->remedies(0).state(), v1::REMEDY_STATE_EXECUTED);
}

TEST_F(RemedyExecutorTest, GoesOnByItselfWhenTheApproverDied) {
  DieAfterApproval(fixture_.FileWithRemedy());
  RunAfter(absl::Seconds(1));
  EXPECT_EQ(neighbours_.ledger_call_count(), 0);  // still the approver's
  RunAfter(absl::Seconds(3));
  EXPECT_EQ(RemedyNow().state(), v1::REMEDY_STATE_EXECUTED);
  EXPECT_EQ(neighbours_.Points("c-1"), 500);
}

TEST_F(RemedyExecutorTest, GivesOnceWhenTheAnswerWasLost) {
  neighbours_.SetLoyalty(Fault::kLoseAnswer);
  neighbours_.SetTier("c-1", "GOLD");
  const auto approved = fixture_.Approve(fixture_.FileWithRemedy());
  EXPECT_EQ(approved->remedies(0).state(), v1::REMEDY_STATE_APPROVED);
  EXPECT_EQ(neighbours_.give_count(), 1);
  neighbours_.SetLoyalty(Fault::kNone);
  RunAfter(absl::Minutes(1));
  EXPECT_EQ(RemedyNow().state(), v1::REMEDY_STATE_EXECUTED);
  EXPECT_EQ(RemedyNow().ledger_transaction_id(), "t-1");
  EXPECT_EQ(neighbours_.give_count(), 1);
  EXPECT_EQ(neighbours_.Points("c-1"), 500);
}

TEST_F(RemedyExecutorTest, GivesOnceWhenLoyaltyAnswersAfterTheDeadline) {
  const std::string remedy_id = fixture_.FileWithRemedy();
  neighbours_.SetLoyalty(Fault::kHang);
  EXPECT_EQ(fixture_.Approve(remedy_id)->remedies(0).state(), v1::REMEDY_STATE_APPROVED);
  EXPECT_TRUE(absl::IsDeadlineExceeded(fixture_.job_failures().back().status));
  neighbours_.SetLoyalty(Fault::kNone);
  RunAfter(absl::Minutes(1));
  EXPECT_EQ(RemedyNow().state(), v1::REMEDY_STATE_EXECUTED);
  EXPECT_EQ(neighbours_.give_count(), 1);
}

// The process dies between loyalty's effect and the storing of its answer: another one on the same
// database goes on.
TEST_F(RemedyExecutorTest, GivesOnceWhenKilledBeforeTheAnswerIsStored) {
  const std::string remedy_id = fixture_.FileWithRemedy();
  DieAfterApproval(remedy_id);
  ASSERT_EQ(fixture_.api()
                .loyalty
                .Give(rpc::NewCall(absl::Seconds(10)),
                      {CustomerId("c-1"), RemedyId(remedy_id), 500, "reference"})
                .answer,
            LedgerAnswer::kDone);
  RemedyExecutor after_restart({}, fixture_.api(), [](const JobFailure&) {});
  fixture_.record_clock().Advance(absl::Minutes(1));
  after_restart.RunDue();
  EXPECT_EQ(RemedyNow().state(), v1::REMEDY_STATE_EXECUTED);
  EXPECT_EQ(neighbours_.give_count(), 1);
}

TEST_F(RemedyExecutorTest, ARefusalOfTheFirstAttemptIsTheTruth) {
  const auto approved = fixture_.Approve(fixture_.FileWithRemedy("c-3"), "c-3");
  EXPECT_EQ(approved->remedies(0).state(), v1::REMEDY_STATE_FAILED);
  EXPECT_EQ(approved->remedies(0).failure_reason(), "MEMBER_NOT_FOUND");
  EXPECT_EQ(neighbours_.ledger_call_count(), 1);
  EXPECT_EQ(PendingCount(), 0);
}

TEST_F(RemedyExecutorTest, ARefusalAfterALostAttemptIsTakenBackFirst) {
  const std::string remedy_id = fixture_.FileWithRemedy();
  neighbours_.SetLoyalty(Fault::kAway);
  fixture_.Approve(remedy_id).value();
  neighbours_.SetLoyalty(Fault::kNone);
  neighbours_.SetTier("c-1", "");
  RunAfter(absl::Minutes(1));
  EXPECT_EQ(RemedyNow().state(), v1::REMEDY_STATE_COMPENSATING);
  RunAfter(absl::Minutes(1));
  EXPECT_EQ(RemedyNow().state(), v1::REMEDY_STATE_FAILED);
  EXPECT_EQ(RemedyNow().failure_reason(), "MEMBER_NOT_FOUND");
  // The lost attempt arrives at last, and comes too late.
  neighbours_.SetTier("c-1", "GOLD");
  EXPECT_EQ(fixture_.api()
                .loyalty
                .Give(rpc::NewCall(absl::Seconds(10)),
                      {CustomerId("c-1"), RemedyId(remedy_id), 500, "reference"})
                .reason,
            "REQUEST_ID_VOIDED");
  EXPECT_EQ(neighbours_.Points("c-1"), 0);
}

TEST_F(RemedyExecutorTest, TakesBackWhatItCannotLearn) {
  const std::string remedy_id = fixture_.FileWithRemedy();
  neighbours_.SetLoyalty(Fault::kLoseAnswer);
  fixture_.Approve(remedy_id).value();
  EXPECT_EQ(neighbours_.Points("c-1"), 500);
  RunAfter(absl::Minutes(11));
  EXPECT_EQ(RemedyNow().state(), v1::REMEDY_STATE_APPROVED);
  RunAfter(absl::Minutes(11));
  EXPECT_EQ(RemedyNow().state(), v1::REMEDY_STATE_COMPENSATING);
  // For as long as loyalty does not confirm it.
  RunUntilNothingIsDue();
  EXPECT_EQ(RemedyNow().state(), v1::REMEDY_STATE_COMPENSATING);
  EXPECT_EQ(PendingCount(), 1);
  neighbours_.SetLoyalty(Fault::kNone);
  RunAfter(absl::Minutes(11));
  EXPECT_EQ(RemedyNow().state(), v1::REMEDY_STATE_FAILED);
  EXPECT_EQ(RemedyNow().failure_reason(), "OUTCOME_UNKNOWN");
  EXPECT_EQ(neighbours_.Points("c-1"), 0);
  EXPECT_EQ(PendingCount(), 0);
}

TEST_F(RemedyExecutorTest, ARefusalToTakeBackNeedsAPersonAndKeepsNoOtherRemedyWaiting) {
  const std::string remedy_id = fixture_.FileWithRemedy();
  neighbours_.SetLoyalty(Fault::kAway);
  fixture_.Approve(remedy_id).value();
  neighbours_.SetLoyalty(Fault::kNone);
  neighbours_.SetTier("c-1", "");
  RunAfter(absl::Minutes(1));
  ASSERT_EQ(RemedyNow().state(), v1::REMEDY_STATE_COMPENSATING);
  DieAfterApproval(fixture_.FileWithRemedy("c-2"), "c-2");
  neighbours_.RefuseReverse(absl::StatusCode::kAlreadyExists, "REQUEST_ID_REUSED");
  RunAfter(absl::Seconds(10));
  EXPECT_EQ(RemedyNow("c-2").state(), v1::REMEDY_STATE_EXECUTED);
  EXPECT_EQ(GetErrorReason(fixture_.job_failures().back().status), "REQUEST_ID_REUSED");
  EXPECT_TRUE(fixture_.job_failures().back().needs_person);
  // Asked again, less and less often, until it is done.
  const int call_count = neighbours_.ledger_call_count();
  RunAfter(absl::Seconds(1));
  EXPECT_EQ(neighbours_.ledger_call_count(), call_count);
  neighbours_.RefuseReverse(absl::StatusCode::kFailedPrecondition, "TRANSACTION_NOT_REVERSIBLE");
  RunAfter(absl::Minutes(11));
  EXPECT_EQ(GetErrorReason(fixture_.job_failures().back().status), "TRANSACTION_NOT_REVERSIBLE");
  EXPECT_TRUE(fixture_.job_failures().back().needs_person);
  EXPECT_EQ(RemedyNow().state(), v1::REMEDY_STATE_COMPENSATING);
  neighbours_.RefuseReverse(absl::StatusCode::kOk, "");
  RunAfter(absl::Minutes(11));
  EXPECT_EQ(RemedyNow().state(), v1::REMEDY_STATE_FAILED);
}

TEST_F(RemedyExecutorTest, AComplaintIsResolvedOnlyOnceThePointsHaveArrived) {
  const std::string remedy_id = fixture_.FileWithRemedy();
  neighbours_.SetLoyalty(Fault::kAway);
  fixture_.Approve(remedy_id).value();
  rpc::CallContext call = fixture_.Call();
  auto resolve = MakeRequest<v1::ResolveComplaintRequest>();
  resolve.set_finding(v1::COMPLAINT_FINDING_UPHELD);
  resolve.set_relief(v1::COMPLAINT_RELIEF_MONETARY);
  EXPECT_EQ(GetErrorReason(fixture_.writes.Resolve(call, resolve).status()), "REMEDY_PENDING");
  neighbours_.SetLoyalty(Fault::kNone);
  RunAfter(absl::Minutes(1));
  EXPECT_TRUE(fixture_.writes.Resolve(call, resolve).ok());
}

TEST_F(RemedyExecutorTest, WaitsUntilTheNextAttemptIsDue) {
  EXPECT_EQ(fixture_.executor().RunDue(), absl::Seconds(30));
  DieAfterApproval(fixture_.FileWithRemedy());
  EXPECT_EQ(fixture_.executor().RunDue(), absl::Seconds(3));
}

TEST_F(RemedyExecutorTest, GivesThePointsOfAComplaintWhoseTextsDoNotOpen) {
  DieAfterApproval(fixture_.FileWithRemedy());
  ASSERT_TRUE(Execute("UPDATE complaint SET subject_sealed = description_sealed").ok());
  ASSERT_TRUE(Execute("UPDATE customer_key SET kek_id = 'k-away'").ok());
  RunAfter(absl::Seconds(10));
  EXPECT_EQ(neighbours_.Points("c-1"), 500);
  EXPECT_EQ(PendingCount(), 0);
}

TEST_F(RemedyExecutorTest, OneRemedyThatCannotBeginDoesNotKeepTheOthersWaiting) {
  DieAfterApproval(fixture_.FileWithRemedy("c-1"));
  fixture_.record_clock().Advance(absl::Seconds(1));
  DieAfterApproval(fixture_.FileWithRemedy("c-2"), "c-2");
  ASSERT_TRUE(Execute("CREATE TRIGGER broken BEFORE UPDATE ON remedy_work "
                      "WHEN old.customer_id = 'c-1' BEGIN SELECT RAISE(ABORT, 'broken'); END")
                  .ok());
  RunAfter(absl::Seconds(10));
  EXPECT_EQ(fixture_.job_failures().size(), 2u) << "it can neither begin nor step back";
  EXPECT_EQ(neighbours_.Points("c-1"), 0);
  EXPECT_EQ(neighbours_.Points("c-2"), 500);
}

TEST_F(RemedyExecutorTest, ABatchOfRemediesThatFailEachTimeDoesNotKeepTheOthersWaiting) {
  RemedyExecutor executor({.batch_max = 1}, fixture_.api(), [](const JobFailure&) {});
  DieAfterApproval(fixture_.FileWithRemedy("c-1"));
  fixture_.record_clock().Advance(absl::Seconds(1));
  DieAfterApproval(fixture_.FileWithRemedy("c-2"), "c-2");
  ASSERT_TRUE(Execute("CREATE TRIGGER broken BEFORE UPDATE ON remedy_work "
                      "WHEN old.customer_id = 'c-1' BEGIN SELECT RAISE(ABORT, 'broken'); END")
                  .ok());
  fixture_.record_clock().Advance(absl::Seconds(10));
  EXPECT_EQ(executor.RunDue(), absl::Seconds(1));
  EXPECT_EQ(executor.RunDue(), absl::ZeroDuration());
  EXPECT_EQ(neighbours_.Points("c-2"), 500);
  // Nor is it given up.
  ASSERT_TRUE(Execute("DROP TRIGGER broken").ok());
  for (int i = 0; i < 3; ++i) executor.RunDue();
  EXPECT_EQ(neighbours_.Points("c-1"), 500);
  EXPECT_EQ(neighbours_.give_count(), 2);
  EXPECT_EQ(PendingCount(), 0);
}

TEST_F(RemedyExecutorTest, ARemedyThatCannotBeginIsTriedAgainAfterAWhile) {
  DieAfterApproval(fixture_.FileWithRemedy());
  ASSERT_TRUE(Execute("ALTER TABLE complaint RENAME TO complaint_away").ok());
  RunAfter(absl::Seconds(10));
  RunAfter(absl::Seconds(1));
  EXPECT_EQ(fixture_.job_failures().size(), 1u);
  for (int i = 0; i < 20; ++i) RunAfter(absl::Minutes(1));
  EXPECT_LE(fixture_.job_failures().size(), 12u);
  ASSERT_TRUE(Execute("ALTER TABLE complaint_away RENAME TO complaint").ok());
  RunAfter(absl::Minutes(10));
  EXPECT_EQ(neighbours_.Points("c-1"), 500);
  EXPECT_EQ(neighbours_.give_count(), 1);
}

TEST_F(RemedyExecutorTest, AnAttemptThatCouldNotBeginIsNoneThatLoyaltyMayHaveSeen) {
  DieAfterApproval(fixture_.FileWithRemedy());
  ASSERT_TRUE(Execute("ALTER TABLE complaint RENAME TO complaint_away").ok());
  RunAfter(absl::Seconds(10));
  ASSERT_TRUE(Execute("ALTER TABLE complaint_away RENAME TO complaint").ok());
  neighbours_.SetTier("c-1", "");
  RunAfter(absl::Minutes(10));
  EXPECT_EQ(RemedyNow().state(), v1::REMEDY_STATE_FAILED);
  EXPECT_EQ(RemedyNow().failure_reason(), "MEMBER_NOT_FOUND");
}

TEST_F(RemedyExecutorTest, OneRemedyThatHangsDoesNotKeepTheOthersWaiting) {
  DieAfterApproval(fixture_.FileWithRemedy("c-1"));
  DieAfterApproval(fixture_.FileWithRemedy("c-2"), "c-2");
  neighbours_.SetLoyalty(Fault::kHang);
  RunAfter(absl::Seconds(10));
  RunAfter(absl::ZeroDuration());
  EXPECT_EQ(neighbours_.ledger_call_count(), 2);
}

}  // namespace
}  // namespace clientele::complaints
