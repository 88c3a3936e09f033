#include <map>
#include <string>
#include <vector>

#include "common/status/macros.h"
#include "gmock/gmock.h"
#include "services/complaints/domain/remedy_plan.h"
#include "services/complaints/store/complaint_store.h"
#include "services/complaints/store/complaints_store_contract.h"
#include "services/complaints/store/work_store.h"
#include "services/complaints/testing/test_complaints.h"

namespace clientele::complaints {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;

const RemedyKey kKey = {CustomerId("c-1"), ComplaintId("late"), RemedyId("r-1")};

TEST_P(ComplaintsStoreContract, RemembersWhoIsToBeRepairedOnce) {
  ASSERT_TRUE(File("c-2", "late", 1, {}).ok());
  ASSERT_TRUE(File("c-2", "lost", 2, {}).ok());
  ASSERT_TRUE(File("c-1", "late", 3, {.customer_exists = true}).ok());
  ASSERT_TRUE(File("c-3", "late", 4).ok());
  ASSERT_TRUE(Write([this](sql::Tx& tx) -> absl::Status {
                EXPECT_THAT(ListRepairs(tx, "", 10).value(),
                            ElementsAre(CustomerId("c-1"), CustomerId("c-2")));
                EXPECT_THAT(ListRepairs(tx, "c-1", 10).value(), ElementsAre(CustomerId("c-2")));
                EXPECT_EQ(CountPending(tx).value().repairs, 2);
                return absl::OkStatus();
              }).ok());
  // Its answer has come: only then the wait ends.
  const TargetState state = StateOf("c-1", "late");
  const ComplaintPlan learnt =
      PlanLearn(state.customer, *state.complaint, {.tier = Tier::kNone}, TestStamp());
  ASSERT_TRUE(Write([&](sql::Tx& tx) -> absl::Status {
                CLIENTELE_RETURN_IF_ERROR(DeleteRepairIfDone(tx, CustomerId("c-1")));
                EXPECT_EQ(CountPending(tx).value().repairs, 2);
                CLIENTELE_RETURN_IF_ERROR(SavePlan(tx, vault(), learnt, false, kTestTime));
                CLIENTELE_RETURN_IF_ERROR(DeleteRepairIfDone(tx, CustomerId("c-1")));
                EXPECT_THAT(ListRepairs(tx, "", 10).value(), ElementsAre(CustomerId("c-2")));
                return absl::OkStatus();
              }).ok());
}

TEST_P(ComplaintsStoreContract, FindsThoseThatLearnSomething) {
  ASSERT_TRUE(File("c-1", "known", 1).ok());
  ASSERT_TRUE(File("c-1", "unknown", 2, {}).ok());
  Read([this](sql::Tx& tx) {
    const auto learners = [&](const CustomerKnowledge& knowledge, int64_t count_max = 10) {
      std::vector<std::string> ids;
      const auto found = ListLearners(tx, CustomerId("c-1"), knowledge, count_max);
      for (const Complaint& complaint : *found) {
        ids.push_back(complaint.id.value());
      }
      return ids;
    };
    EXPECT_THAT(learners({}), IsEmpty());
    EXPECT_THAT(learners({.exists = true}), ElementsAre("unknown"));
    EXPECT_THAT(learners({.tier = Tier::kBase}), ElementsAre("known", "unknown"));
    EXPECT_THAT(learners({.tier = Tier::kBase}, 1), ElementsAre("known"));
    EXPECT_THAT(learners({.exists = false, .tier = Tier::kGold}), ElementsAre("unknown"));
    return absl::OkStatus();
  });
}

TEST_P(ComplaintsStoreContract, CountsOpenComplaintsByState) {
  const ComplaintTarget target = {.customer_id = CustomerId("c-1"),
                                  .complaint_id = ComplaintId("done")};
  ASSERT_TRUE(File("c-1", "done", 1).ok());
  ASSERT_TRUE(Save(PlanAcknowledge(StateOf("c-1", "done"), target, TestStamp()).value()).ok());
  ASSERT_TRUE(File("c-1", "late", 2).ok());
  ASSERT_TRUE(File("c-2", "lost", 3).ok());
  const auto count = [this] {
    std::map<ComplaintState, int64_t> counts;
    Read([&counts](sql::Tx& tx) -> absl::Status {
      CLIENTELE_ASSIGN_OR_RETURN(counts, CountOpenByState(tx));
      return absl::OkStatus();
    });
    return counts;
  };
  EXPECT_THAT(count(), ElementsAre(Pair(ComplaintState::kReceived, 2),
                                   Pair(ComplaintState::kAcknowledged, 1)));
  ASSERT_TRUE(Save(PlanResolve(StateOf("c-1", "done"), target, {}, TestStamp()).value()).ok());
  EXPECT_THAT(count(), ElementsAre(Pair(ComplaintState::kReceived, 2)));
}

TEST_P(ComplaintsWorkContract, WorkIsDueWhenItsTimeComes) {
  Read([](sql::Tx& tx) {
    EXPECT_THAT(ListDueWork(tx, kTestTime - absl::Microseconds(1), {}, 10).value(), IsEmpty());
    const auto due = ListDueWork(tx, kTestTime, {}, 10).value();
    EXPECT_EQ(due.size(), 1u);
    EXPECT_EQ(due.at(0).key.remedy_id, kKey.remedy_id);
    EXPECT_EQ(due.at(0).phase, WorkPhase::kGive);
    EXPECT_EQ(NextAttemptTime(tx).value(), kTestTime);
    EXPECT_EQ(CountPending(tx).value().remedies, 1);
    return absl::OkStatus();
  });
}

TEST_P(ComplaintsWorkContract, DueWorkIsListedAfterAPlace) {
  const absl::Time before = kTestTime - absl::Microseconds(1);
  Read([before](sql::Tx& tx) {
    const auto count_after = [&tx](const WorkPlace& place) {
      return ListDueWork(tx, kTestTime + absl::Hours(1), place, 10).value().size();
    };
    EXPECT_EQ(count_after({before, "r-9"}), 1u);
    EXPECT_EQ(count_after({kTestTime, "r-0"}), 1u);
    EXPECT_EQ(count_after({kTestTime, "r-1"}), 0u);
    EXPECT_EQ(count_after({kTestTime + absl::Microseconds(1), ""}), 0u);
    return absl::OkStatus();
  });
}

TEST_P(ComplaintsWorkContract, OnlyOneClaimsAnAttempt) {
  ASSERT_TRUE(Write([](sql::Tx& tx) {
                const RemedyWork work = *FindWork(tx, kKey).value();
                EXPECT_TRUE(ClaimWork(tx, work, kTestTime + absl::Minutes(1)).value());
                EXPECT_FALSE(ClaimWork(tx, work, kTestTime + absl::Minutes(1)).value());
                const RemedyWork claimed = *FindWork(tx, kKey).value();
                EXPECT_EQ(claimed.attempt_count, 1);
                EXPECT_EQ(claimed.next_attempt_time, kTestTime + absl::Minutes(1));
                return absl::OkStatus();
              }).ok());
}

TEST_P(ComplaintsWorkContract, GoesFromGivingToTakingBackToNothing) {
  ASSERT_TRUE(Write([](sql::Tx& tx) -> absl::Status {
                CLIENTELE_RETURN_IF_ERROR(
                    StartTakingBack(tx, kKey, kTestTime + absl::Hours(1), "OUTCOME_UNKNOWN"));
                const RemedyWork work = *FindWork(tx, kKey).value();
                EXPECT_EQ(work.phase, WorkPhase::kTakeBack);
                EXPECT_EQ(work.attempt_count, 0);
                EXPECT_EQ(work.failure_reason, "OUTCOME_UNKNOWN");
                CLIENTELE_RETURN_IF_ERROR(DeleteWork(tx, kKey));
                EXPECT_FALSE(FindWork(tx, kKey).value().has_value());
                EXPECT_FALSE(NextAttemptTime(tx).value().has_value());
                return absl::OkStatus();
              }).ok());
}

}  // namespace

void ComplaintsWorkContract::SetUp() {
  const ComplaintTarget target{kKey.customer_id, kKey.complaint_id, {}};
  ASSERT_TRUE(File("c-1", "late", 1).ok());
  ASSERT_TRUE(Save(PlanAcknowledge(StateOf("c-1", "late"), target, TestStamp()).value()).ok());
  ASSERT_TRUE(Save(PlanProposeRemedy(StateOf("c-1", "late"), target,
                                     {.id = kKey.remedy_id, .points = 500}, TestStamp())
                       .value())
                  .ok());
  ASSERT_TRUE(
      Save(PlanApproveRemedy(StateOf("c-1", "late"), target, kKey.remedy_id, TestStamp()).value())
          .ok());
}

}  // namespace clientele::complaints
