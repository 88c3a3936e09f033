#include "services/complaints/jobs/customer_repair.h"

#include <string>

#include "clientele/loyalty/v1/events.pb.h"
#include "common/sql/transaction.h"
#include "gtest/gtest.h"
#include "services/complaints/jobs/tier_consumer.h"
#include "services/complaints/testing/api_fixture.h"

namespace clientele::complaints {
namespace {

// A `feed_seq` of 0 stands for the next one.
common::v1::Event TierEvent(const std::string& customer_id, const std::string& tier,
                            int64_t feed_seq = 0) {
  static int64_t last_feed_seq = 100;
  loyalty::v1::TierChanged changed;
  changed.set_tier(tier);
  common::v1::Event event;
  event.set_type("clientele.loyalty.tier.changed.v1");
  event.set_customer_id(customer_id);
  event.set_feed_seq(feed_seq == 0 ? ++last_feed_seq : feed_seq);
  event.mutable_data()->PackFrom(changed);
  return event;
}

// Takes the place of the entry that the repair of c-1 would write.
constexpr sql::Statement kPlantEntry{
    "PlantEntry",
    "INSERT INTO complaint_timeline SELECT customer_id, complaint_id, entry_number + 1, kind, "
    "actor, occur_time, record_time, text, previous_state, state, assignee_id, remedy_id, "
    "remedy_state, previous_priority_rank, priority_rank, verification, NULL "
    "FROM complaint_timeline "
    "WHERE customer_id = 'c-1'"};

class CustomerRepairTest : public ::testing::Test {
 protected:
  // Files a complaint of each while everybody is away.
  void FileBlindly() {
    fixture_.neighbours().SetProfile(Fault::kAway);
    fixture_.neighbours().SetLoyalty(Fault::kAway);
    for (const char* customer : {"c-1", "c-2", "c-3"}) fixture_.File(customer);
  }

  void EverybodyIsBack() {
    fixture_.neighbours().SetProfile(Fault::kNone);
    fixture_.neighbours().SetLoyalty(Fault::kNone);
  }

  // Rounds until all have had their turn.
  void RunRounds() {
    while (fixture_.repair().RunRound() == absl::ZeroDuration()) {
    }
  }

  int64_t PendingCount() {
    return sql::ReadIn(fixture_.database(), {}, CountPending).value().repairs;
  }

  absl::Status Tell(const std::vector<common::v1::Event>& events) {
    TierConsumer consumer(fixture_.api());
    return fixture_.database().RunInTransaction(
        {}, [&](sql::Tx& tx) { return consumer.Apply(tx, events); });
  }

  // What the explanation of a customer's priority says of the tier.
  common::v1::Explanation::Input TierInput(const std::string& customer_id) {
    rpc::CallContext call = fixture_.Call();
    const auto explanation =
        fixture_.reads.ExplainPriority(call, MakeRequest<v1::ExplainPriorityRequest>(customer_id));
    return explanation.value().inputs(2);
  }

  ApiFixture fixture_;
};

TEST_F(CustomerRepairTest, RepairsEverybodyOnceTheOthersAreBack) {
  FileBlindly();
  RunRounds();
  EXPECT_EQ(PendingCount(), 3);
  EXPECT_EQ(fixture_.Get().priority().rank(), 126);
  EverybodyIsBack();
  RunRounds();
  EXPECT_EQ(PendingCount(), 0);
  EXPECT_EQ(fixture_.Get("c-1").priority().rank(), 122);
  EXPECT_EQ(fixture_.Get("c-2").priority().rank(), 124);
  EXPECT_EQ(fixture_.Get("c-3").priority().rank(), 125);
  EXPECT_EQ(fixture_.Get("c-1").customer_verification(), v1::CUSTOMER_VERIFICATION_VERIFIED);
  EXPECT_EQ(fixture_.Outbox().size(), 6u);  // filed and re-prioritised
}

TEST_F(CustomerRepairTest, WaitsForTheOneThatIsStillAway) {
  FileBlindly();
  fixture_.neighbours().SetProfile(Fault::kNone);
  RunRounds();
  EXPECT_EQ(fixture_.Get().customer_verification(), v1::CUSTOMER_VERIFICATION_VERIFIED);
  EXPECT_EQ(fixture_.Get().priority().tier(), v1::CUSTOMER_TIER_UNKNOWN);
  EXPECT_EQ(PendingCount(), 3);
  EverybodyIsBack();
  RunRounds();
  EXPECT_EQ(fixture_.Get().priority().tier(), v1::CUSTOMER_TIER_GOLD);
  EXPECT_EQ(PendingCount(), 0);
}

TEST_F(CustomerRepairTest, OneThatCannotBeRepairedKeepsNobodyElseWaiting) {
  FileBlindly();
  EverybodyIsBack();
  ASSERT_EQ(fixture_.database().RunInTransaction(
                {}, [&](sql::Tx& tx) { return tx.Execute(kPlantEntry, {}).status(); }),
            absl::OkStatus());
  EXPECT_EQ(fixture_.repair().RunRound(), absl::Seconds(2));
  EXPECT_EQ(fixture_.job_failures().size(), 1u);
  RunRounds();
  EXPECT_EQ(fixture_.Get("c-2").priority().rank(), 124);
  EXPECT_EQ(fixture_.Get("c-3").priority().rank(), 125);
  EXPECT_EQ(PendingCount(), 1);
  // Its turn comes again.
  RunRounds();
  RunRounds();
  EXPECT_EQ(fixture_.job_failures().size(), 2u);
}

TEST_F(CustomerRepairTest, KeepsAComplaintOfSomebodyWhoDoesNotExist) {
  FileBlindly();
  fixture_.neighbours().Forget("c-2");
  EverybodyIsBack();
  RunRounds();
  EXPECT_EQ(fixture_.Get("c-2").customer_verification(), v1::CUSTOMER_VERIFICATION_NOT_FOUND);
  EXPECT_EQ(fixture_.Get("c-2").state(), v1::COMPLAINT_STATE_RECEIVED);
  const v1::TimelineEntry entry = fixture_.Timeline("c-2").at(1);
  EXPECT_EQ(entry.kind(), v1::TIMELINE_KIND_CUSTOMER_CHECKED);
  EXPECT_EQ(entry.customer_verification(), v1::CUSTOMER_VERIFICATION_NOT_FOUND);
  EXPECT_EQ(entry.actor(), "system");
  EXPECT_EQ(PendingCount(), 0);
}

TEST_F(CustomerRepairTest, DoesNothingWhenThereIsNothingToDo) {
  fixture_.File();
  EXPECT_EQ(fixture_.repair().RunRound(), absl::Seconds(2));
  EXPECT_TRUE(fixture_.job_failures().empty());
}

TEST_F(CustomerRepairTest, TheFeedReprioritisesOpenComplaints) {
  fixture_.File("c-2");
  ASSERT_TRUE(Tell({TierEvent("c-2", "SILVER"), TierEvent("c-2", "PLATINUM")}).ok());
  EXPECT_EQ(fixture_.Get("c-2").priority().rank(), 121);
  EXPECT_EQ(fixture_.Timeline("c-2").size(), 2u);
  ASSERT_TRUE(Tell({TierEvent("c-2", "PLATINUM")}).ok());
  EXPECT_EQ(fixture_.Timeline("c-2").size(), 2u);
}

TEST_F(CustomerRepairTest, WakesTheSequencerOnceForWhatTheFeedChanged) {
  fixture_.File("c-1");
  fixture_.File("c-2");
  const int poke_count = fixture_.poke_count();
  const std::vector<common::v1::Event> events = {TierEvent("c-1", "PLATINUM"),
                                                 TierEvent("c-2", "SILVER")};
  ASSERT_TRUE(Tell(events).ok());
  EXPECT_EQ(fixture_.poke_count(), poke_count + 1);
  ASSERT_TRUE(Tell(events).ok());
  EXPECT_EQ(fixture_.poke_count(), poke_count + 1);  // nothing changed
}

// Loyalty tells of somebody who joins with an empty tier before.
TEST_F(CustomerRepairTest, SomebodyWhoJoinsIsNoLongerNone) {
  EXPECT_EQ(fixture_.File("c-3").priority().rank(), 125);
  EXPECT_EQ(TierInput("c-3").value(), "NONE");
  ASSERT_TRUE(Tell({TierEvent("c-3", "BASE")}).ok());
  EXPECT_EQ(fixture_.Get("c-3").priority().tier(), v1::CUSTOMER_TIER_BASE);
  EXPECT_EQ(fixture_.Get("c-3").priority().rank(), 124);
  EXPECT_EQ(TierInput("c-3").value(), "BASE");
  EXPECT_EQ(TierInput("c-3").source(), "loyalty");
  EXPECT_EQ(fixture_.Outbox().back().type, "clientele.complaints.complaint.priority_changed.v1");
}

TEST_F(CustomerRepairTest, WhatAnExportHasOvertakenChangesNothing) {
  fixture_.File("c-3");
  ASSERT_TRUE(Tell({TierEvent("c-3", "GOLD", 7)}).ok());
  const size_t event_count = fixture_.Outbox().size();
  // The feed repeats the end of what the export has told.
  ASSERT_TRUE(Tell({TierEvent("c-3", "BASE", 5), TierEvent("c-3", "GOLD", 7)}).ok());
  EXPECT_EQ(fixture_.Outbox().size(), event_count);
  EXPECT_EQ(fixture_.Get("c-3").priority().tier(), v1::CUSTOMER_TIER_GOLD);
  ASSERT_TRUE(Tell({TierEvent("c-3", "BASE", 8)}).ok());
  EXPECT_EQ(fixture_.Get("c-3").priority().tier(), v1::CUSTOMER_TIER_BASE);
}

TEST_F(CustomerRepairTest, ATierOfTheFeedIsKnownBeforeAnybodyComplains) {
  ASSERT_TRUE(Tell({TierEvent("c-3", "PLATINUM")}).ok());
  fixture_.neighbours().SetLoyalty(Fault::kAway);
  EXPECT_EQ(fixture_.File("c-3").priority().tier(), v1::CUSTOMER_TIER_PLATINUM);
  EXPECT_EQ(PendingCount(), 0);
}

TEST_F(CustomerRepairTest, ADecidedComplaintGetsTheTierOfNowWhenReopened) {
  fixture_.File();
  rpc::CallContext call = fixture_.Call();
  ASSERT_TRUE(
      fixture_.writes.Acknowledge(call, MakeRequest<v1::AcknowledgeComplaintRequest>()).ok());
  auto resolve = MakeRequest<v1::ResolveComplaintRequest>();
  resolve.set_finding(v1::COMPLAINT_FINDING_NOT_UPHELD);
  resolve.set_relief(v1::COMPLAINT_RELIEF_NONE);
  ASSERT_TRUE(fixture_.writes.Resolve(call, resolve).ok());
  ASSERT_TRUE(Tell({TierEvent("c-1", "PLATINUM")}).ok());
  EXPECT_EQ(fixture_.Get().priority().rank(), 122);
  auto reopen = MakeRequest<v1::ReopenComplaintRequest>();
  reopen.set_reason("again");
  EXPECT_EQ(fixture_.writes.Reopen(call, reopen)->priority().rank(), 121);
}

TEST_F(CustomerRepairTest, SkipsOtherEventsAndStopsAtOnesItCannotRead) {
  common::v1::Event other;
  other.set_type("clientele.loyalty.points.earned.v1");
  EXPECT_TRUE(Tell({other}).ok());
  common::v1::Event broken = TierEvent("c-1", "GOLD");
  broken.mutable_data()->set_type_url("type.googleapis.com/google.rpc.Status");
  EXPECT_TRUE(absl::IsInternal(Tell({broken})));
}

}  // namespace
}  // namespace clientele::complaints
