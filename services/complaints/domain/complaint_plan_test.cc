#include "services/complaints/domain/complaint_plan.h"

#include "common/status/error.h"
#include "gtest/gtest.h"
#include "services/complaints/domain/limits.h"
#include "services/complaints/testing/test_complaints.h"

namespace clientele::complaints {
namespace {

Complaint Filed() {
  return {.customer_id = CustomerId("c-1"),
          .id = ComplaintId("late-parcel"),
          .number = "00000-00000",
          .severity = 3,
          .safety = true,
          .subject = "the parcel",
          .occur_time = kTestTime};
}

ComplaintPlan File(const FilingState& state, const FilingLookup& lookup) {
  return PlanFileComplaint(state, Filed(), lookup, TestStamp()).value();
}

TEST(PlanFileComplaint, ReceivesItAndTellsSo) {
  const ComplaintPlan plan = File({}, {.customer_exists = true, .tier = Tier::kGold});
  EXPECT_TRUE(plan.is_new);
  EXPECT_FALSE(plan.needs_repair);
  EXPECT_EQ(plan.after.state, ComplaintState::kReceived);
  EXPECT_EQ(plan.after.priority_rank, 32);
  EXPECT_EQ(plan.after.verification, Verification::kVerified);
  EXPECT_EQ(plan.after.version, 1);
  EXPECT_EQ(plan.after.record_time, kTestTime + absl::Hours(1));
  EXPECT_EQ(plan.customer.feed_seq, 1);
  ASSERT_EQ(plan.entries.size(), 1u);
  EXPECT_EQ(plan.entries[0].number, 1);
  EXPECT_EQ(plan.entries[0].kind, TimelineKind::kFiled);
  ASSERT_EQ(plan.events.size(), 1u);
  EXPECT_EQ(std::get<ComplaintFiled>(plan.events[0].body).priority.rank, 32);
}

TEST(PlanFileComplaint, MarksWhatNobodyCouldAnswer) {
  const ComplaintPlan plan = File({}, {});
  EXPECT_EQ(plan.after.verification, Verification::kUnverified);
  EXPECT_EQ(plan.after.tier, Tier::kUnknown);
  EXPECT_EQ(plan.after.priority_rank, 36);
  EXPECT_TRUE(plan.needs_repair);
}

TEST(PlanFileComplaint, UsesTheTierOfTheFeedWhenLoyaltyIsAway) {
  const ComplaintPlan plan = File({.customer = TestCustomer()}, {.customer_exists = true});
  EXPECT_EQ(plan.after.tier, Tier::kGold);
  EXPECT_FALSE(plan.needs_repair);
}

TEST(PlanFileComplaint, PrefersTheAnswerUnlessTheFeedToldMoreMeanwhile) {
  FilingLookup lookup{.customer_exists = true, .tier = Tier::kPlatinum, .tier_revision = 1};
  EXPECT_EQ(File({.customer = TestCustomer()}, lookup).after.tier, Tier::kPlatinum);
  lookup.tier_revision = 0;
  EXPECT_EQ(File({.customer = TestCustomer()}, lookup).after.tier, Tier::kGold);
}

TEST(PlanFileComplaint, RefusesInTheOrderOfTheContract) {
  FilingState state{.customer = TestCustomer(), .id_taken = true, .open_count = kOpenComplaintsMax};
  const auto reason = [&](const FilingLookup& lookup) {
    return GetErrorReason(PlanFileComplaint(state, Filed(), lookup, TestStamp()).status());
  };
  EXPECT_EQ(reason({.customer_exists = false}), "CUSTOMER_NOT_FOUND");
  EXPECT_EQ(reason({.customer_exists = true}), "COMPLAINT_ALREADY_EXISTS");
  state.id_taken = false;
  EXPECT_EQ(reason({.customer_exists = true}), "TOO_MANY_OPEN_COMPLAINTS");
  state.open_count = kOpenComplaintsMax - 1;
  EXPECT_EQ(reason({.customer_exists = true}), "");
}

TEST(PlanAcknowledge, MovesItWithTimeEntryAndEvent) {
  const ComplaintPlan plan =
      PlanAcknowledge(TargetIn(ComplaintState::kReceived), TestTarget(), TestStamp()).value();
  EXPECT_EQ(plan.after.state, ComplaintState::kAcknowledged);
  EXPECT_EQ(plan.after.acknowledge_time, kTestTime);
  EXPECT_EQ(plan.after.version, 8);
  EXPECT_EQ(plan.entries.at(0).number, 4);
  EXPECT_EQ(plan.entries.at(0).previous_state, ComplaintState::kReceived);
  EXPECT_EQ(plan.entries.at(0).actor, "staff-1");
  EXPECT_EQ(plan.events.at(0).feed_seq, 11);
  EXPECT_EQ(plan.events.at(0).version, 8);
  EXPECT_EQ(std::get<ComplaintStateChanged>(plan.events.at(0).body).state,
            ComplaintState::kAcknowledged);
}

TEST(CheckTarget, ExistenceComesBeforeEtagAndEtagBeforeState) {
  ComplaintTarget target = TestTarget();
  target.expected_version = 6;
  EXPECT_EQ(GetErrorReason(CheckTarget({}, target, Verb::kClose).status()), "COMPLAINT_NOT_FOUND");
  const TargetState received = TargetIn(ComplaintState::kReceived);
  EXPECT_EQ(GetErrorReason(CheckTarget(received, target, Verb::kClose).status()), "ETAG_MISMATCH");
  target.expected_version = 7;
  EXPECT_EQ(GetErrorReason(CheckTarget(received, target, Verb::kClose).status()),
            "COMPLAINT_STATE");
}

TEST(PlanAssign, RefusesSomebodyComplainedAbout) {
  const auto plan = PlanAssign(TargetIn(ComplaintState::kReceived), TestTarget(),
                               StaffId("staff-7"), TestStamp());
  EXPECT_EQ(GetErrorReason(plan.status()), "CONFLICT_OF_INTEREST");
  EXPECT_EQ(GetErrorDetails(plan.status())->metadata.at("assignee_id"), "staff-7");
}

TEST(PlanAssign, TheSameAssigneeAgainChangesNothing) {
  TargetState state = TargetIn(ComplaintState::kReceived);
  const ComplaintPlan first =
      PlanAssign(state, TestTarget(), StaffId("staff-2"), TestStamp()).value();
  EXPECT_EQ(first.after.assignee_id, StaffId("staff-2"));
  EXPECT_EQ(first.entries.at(0).assignee_id, StaffId("staff-2"));
  state.complaint = first.after;
  EXPECT_TRUE(PlanAssign(state, TestTarget(), StaffId("staff-2"), TestStamp()).value().empty());
}

TEST(PlanAddEntry, LeavesTheVersionAlone) {
  const ComplaintPlan plan =
      PlanAddEntry(TargetIn(ComplaintState::kReceived), TestTarget(),
                   {.kind = TimelineKind::kMessageIn, .text = "where is it?"}, TestStamp())
          .value();
  EXPECT_EQ(plan.after.version, 7);
  EXPECT_EQ(plan.after.entry_count, 4);
  EXPECT_EQ(plan.entries.at(0).text, "where is it?");
  EXPECT_TRUE(plan.events.empty());
}

TEST(PlanAddEntry, RefusesWhenTheTimelineIsFull) {
  TargetState state = TargetIn(ComplaintState::kReceived);
  state.complaint->entry_count = kTimelineEntriesMax;
  EXPECT_EQ(GetErrorReason(PlanAddEntry(state, TestTarget(), {.text = "x"}, TestStamp()).status()),
            "TIMELINE_FULL");
}

TEST(PlanResolve, SetsBothAxes) {
  const Resolution resolution{
      .finding = static_cast<Finding>(3), .relief = static_cast<Relief>(1), .text = "we are sorry"};
  const ComplaintPlan plan =
      PlanResolve(TargetIn(ComplaintState::kAcknowledged), TestTarget(), resolution, TestStamp())
          .value();
  EXPECT_EQ(plan.after.finding, static_cast<Finding>(3));
  EXPECT_EQ(plan.after.relief, static_cast<Relief>(1));
  EXPECT_EQ(plan.after.resolution, "we are sorry");
  EXPECT_EQ(plan.after.resolve_time, kTestTime);
}

TEST(PlanResolve, RefusesWhileARemedyIsPending) {
  TargetState state = TargetIn(ComplaintState::kAcknowledged);
  state.complaint->remedies = {{.id = RemedyId("r-1")}};
  for (const auto& [remedy_state, refused] :
       std::initializer_list<std::pair<RemedyState, bool>>{{RemedyState::kProposed, false},
                                                           {RemedyState::kApproved, true},
                                                           {RemedyState::kCompensating, true},
                                                           {RemedyState::kExecuted, false},
                                                           {RemedyState::kFailed, false}}) {
    state.complaint->remedies[0].state = remedy_state;
    const auto plan = PlanResolve(state, TestTarget(), {}, TestStamp());
    EXPECT_EQ(GetErrorReason(plan.status()), refused ? "REMEDY_PENDING" : "")
        << RemedyStateName(remedy_state);
  }
}

TEST(PlanReopen, CountsAndTakesThePriorityOfTheTierOfNow) {
  TargetState state = TargetIn(ComplaintState::kClosed);
  state.customer.tier = Tier::kPlatinum;
  const ComplaintPlan plan = PlanReopen(state, TestTarget(), 0, "again", TestStamp()).value();
  EXPECT_EQ(plan.after.state, ComplaintState::kReopened);
  EXPECT_EQ(plan.after.reopen_count, 1);
  EXPECT_EQ(plan.after.priority_rank, 121);
  ASSERT_EQ(plan.entries.size(), 2u);
  EXPECT_EQ(plan.entries[0].text, "again");
  EXPECT_EQ(plan.entries[1].previous_priority_rank, 122);
  EXPECT_EQ(GetErrorReason(
                PlanReopen(state, TestTarget(), kOpenComplaintsMax, "again", TestStamp()).status()),
            "TOO_MANY_OPEN_COMPLAINTS");
}

}  // namespace
}  // namespace clientele::complaints
