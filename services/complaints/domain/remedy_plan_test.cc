#include "services/complaints/domain/remedy_plan.h"

#include <utility>
#include <vector>

#include "common/status/error.h"
#include "gtest/gtest.h"
#include "services/complaints/domain/limits.h"
#include "services/complaints/testing/test_complaints.h"

namespace clientele::complaints {
namespace {

TargetState WithRemedy(RemedyKind kind, RemedyState state) {
  TargetState target = TargetIn(ComplaintState::kAcknowledged);
  target.complaint->remedies = {{.id = RemedyId("r-1"), .kind = kind, .state = state}};
  return target;
}

TEST(PlanProposeRemedy, AddsItAndTellsSo) {
  const ComplaintPlan plan =
      PlanProposeRemedy(TargetIn(ComplaintState::kReopened), TestTarget(),
                        {.id = RemedyId("r-1"), .points = 500, .description = "sorry"}, TestStamp())
          .value();
  ASSERT_EQ(plan.after.remedies.size(), 1u);
  EXPECT_EQ(plan.after.remedies[0].state, RemedyState::kProposed);
  EXPECT_EQ(plan.after.remedies[0].proposer, "staff-1");
  const auto& event = std::get<RemedyStateChanged>(plan.events.at(0).body);
  EXPECT_EQ(event.points, 500);
  EXPECT_EQ(event.previous_state, RemedyState::kUnspecified);
  EXPECT_FALSE(plan.to_execute.has_value());
}

TEST(PlanProposeRemedy, RefusesOneTooMany) {
  TargetState state = TargetIn(ComplaintState::kAcknowledged);
  state.complaint->remedies.resize(kRemediesMax);
  EXPECT_EQ(GetErrorReason(PlanProposeRemedy(state, TestTarget(), {}, TestStamp()).status()),
            "TOO_MANY_REMEDIES");
}

TEST(PlanApproveRemedy, SendsPointsOnTheirWay) {
  const ComplaintPlan plan =
      PlanApproveRemedy(WithRemedy(RemedyKind::kPoints, RemedyState::kProposed), TestTarget(),
                        RemedyId("r-1"), TestStamp())
          .value();
  EXPECT_EQ(plan.to_execute, RemedyId("r-1"));
  EXPECT_EQ(plan.after.remedies[0].state, RemedyState::kApproved);
  EXPECT_EQ(plan.after.remedies[0].approver, "staff-1");
}

TEST(PlanApproveRemedy, ExecutesOtherKindsAtOnce) {
  for (const RemedyKind kind :
       {RemedyKind::kApology, RemedyKind::kExplanation, RemedyKind::kOther}) {
    const ComplaintPlan plan = PlanApproveRemedy(WithRemedy(kind, RemedyState::kProposed),
                                                 TestTarget(), RemedyId("r-1"), TestStamp())
                                   .value();
    EXPECT_FALSE(plan.to_execute.has_value());
    EXPECT_EQ(plan.after.remedies[0].state, RemedyState::kExecuted);
    EXPECT_EQ(plan.events.size(), 2u);
  }
}

TEST(PlanApproveRemedy, RefusesInTheOrderOfTheContract) {
  ComplaintTarget target = TestTarget();
  target.expected_version = 1;
  const auto reason = [&](const TargetState& state, const char* id) {
    return GetErrorReason(PlanApproveRemedy(state, target, RemedyId(id), TestStamp()).status());
  };
  TargetState state = WithRemedy(RemedyKind::kPoints, RemedyState::kExecuted);
  EXPECT_EQ(reason({}, "r-1"), "COMPLAINT_NOT_FOUND");
  EXPECT_EQ(reason(state, "r-2"), "REMEDY_NOT_FOUND");
  EXPECT_EQ(reason(state, "r-1"), "ETAG_MISMATCH");
  target.expected_version.reset();
  EXPECT_EQ(reason(state, "r-1"), "REMEDY_STATE");
  state.complaint->state = ComplaintState::kClosed;
  EXPECT_EQ(reason(state, "r-1"), "COMPLAINT_STATE");
}

TEST(PlanMoveRemedy, KeepsWhatLoyaltySaid) {
  const TargetState state = WithRemedy(RemedyKind::kPoints, RemedyState::kApproved);
  const ComplaintPlan done = PlanMoveRemedy(
      state.customer, *state.complaint, RemedyId("r-1"),
      {.state = RemedyState::kExecuted, .ledger_transaction_id = "t-1"}, TestStamp());
  EXPECT_EQ(done.after.remedies[0].ledger_transaction_id, "t-1");
  const ComplaintPlan failed = PlanMoveRemedy(
      state.customer, *state.complaint, RemedyId("r-1"),
      {.state = RemedyState::kFailed, .failure_reason = "MEMBER_NOT_FOUND"}, TestStamp());
  EXPECT_EQ(std::get<RemedyStateChanged>(failed.events.at(0).body).failure_reason,
            "MEMBER_NOT_FOUND");
}

TEST(RemedyState, MovesOnlyForward) {
  using State = RemedyState;
  const std::vector<std::pair<State, State>> allowed = {
      {State::kUnspecified, State::kProposed}, {State::kProposed, State::kApproved},
      {State::kApproved, State::kExecuted},    {State::kApproved, State::kCompensating},
      {State::kApproved, State::kFailed},      {State::kCompensating, State::kFailed}};
  for (int from = 0; from <= 5; ++from) {
    for (int to = 0; to <= 5; ++to) {
      const std::pair<State, State> move(static_cast<State>(from), static_cast<State>(to));
      const bool expected = std::find(allowed.begin(), allowed.end(), move) != allowed.end();
      EXPECT_EQ(MayMove(move.first, move.second), expected) << from << " to " << to;
    }
  }
}

TEST(DecideGive, TakesARefusalForTheTruthOnlyTheFirstTime) {
  EXPECT_EQ(DecideGive(LedgerAnswer::kDone, 1, 3), GiveDecision::kExecuted);
  EXPECT_EQ(DecideGive(LedgerAnswer::kDone, 9, 3), GiveDecision::kExecuted);
  EXPECT_EQ(DecideGive(LedgerAnswer::kRefused, 1, 3), GiveDecision::kFailed);
  EXPECT_EQ(DecideGive(LedgerAnswer::kRefused, 2, 3), GiveDecision::kCompensate);
  EXPECT_EQ(DecideGive(LedgerAnswer::kUnknown, 1, 3), GiveDecision::kRetry);
  EXPECT_EQ(DecideGive(LedgerAnswer::kUnknown, 2, 3), GiveDecision::kRetry);
  EXPECT_EQ(DecideGive(LedgerAnswer::kUnknown, 3, 3), GiveDecision::kCompensate);
}

TEST(RetryWait, DoublesUpToItsBound) {
  const absl::Duration min = absl::Milliseconds(500);
  const absl::Duration max = absl::Minutes(10);
  EXPECT_EQ(RetryWait(1, min, max), min);
  EXPECT_EQ(RetryWait(2, min, max), 2 * min);
  EXPECT_EQ(RetryWait(5, min, max), 16 * min);
  EXPECT_EQ(RetryWait(50, min, max), max);
}

}  // namespace
}  // namespace clientele::complaints
