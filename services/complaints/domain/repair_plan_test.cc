#include "services/complaints/domain/repair_plan.h"

#include "gtest/gtest.h"
#include "services/complaints/testing/test_complaints.h"

namespace clientele::complaints {
namespace {

Complaint Unrepaired(ComplaintState state) {
  Complaint complaint = ComplaintIn(state);
  complaint.tier = Tier::kUnknown;
  complaint.priority_rank = 126;
  complaint.verification = Verification::kUnverified;
  return complaint;
}

TEST(PlanLearn, RepairsBothAtOnce) {
  const ComplaintPlan plan = PlanLearn(TestCustomer(), Unrepaired(ComplaintState::kReceived),
                                       {.exists = true, .tier = Tier::kPlatinum}, TestStamp());
  EXPECT_EQ(plan.after.priority_rank, 121);
  EXPECT_EQ(plan.after.verification, Verification::kVerified);
  EXPECT_EQ(plan.after.version, 8);
  EXPECT_FALSE(plan.needs_repair);
  EXPECT_EQ(plan.entries.size(), 2u);
  ASSERT_EQ(plan.events.size(), 1u);
  const auto& event = std::get<ComplaintPriorityChanged>(plan.events[0].body);
  EXPECT_EQ(event.previous_priority.tier, Tier::kUnknown);
  EXPECT_EQ(event.priority.rank, 121);
}

TEST(PlanLearn, KeepsAComplaintOfNobodyAndSaysSo) {
  const ComplaintPlan plan = PlanLearn(TestCustomer(), Unrepaired(ComplaintState::kReceived),
                                       {.exists = false}, TestStamp());
  EXPECT_EQ(plan.after.verification, Verification::kNotFound);
  EXPECT_EQ(plan.entries.at(0).kind, TimelineKind::kCustomerChecked);
  EXPECT_EQ(plan.entries.at(0).verification, 3);
  EXPECT_TRUE(plan.needs_repair);  // the tier is still unknown
}

TEST(PlanLearn, LeavesThePriorityOfWhatIsDecided) {
  EXPECT_TRUE(PlanLearn(TestCustomer(), ComplaintIn(ComplaintState::kClosed),
                        {.tier = Tier::kPlatinum}, TestStamp())
                  .empty());
}

TEST(PlanLearn, ChangesNothingTwice) {
  EXPECT_TRUE(PlanLearn(TestCustomer(), ComplaintIn(ComplaintState::kReceived),
                        {.exists = false, .tier = Tier::kGold}, TestStamp())
                  .empty());
}

}  // namespace
}  // namespace clientele::complaints
