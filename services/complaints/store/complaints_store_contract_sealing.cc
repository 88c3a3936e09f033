// What the store keeps of what was said, and what is left of it without the customer's key.

#include <string>
#include <vector>

#include "common/sealing/upkeep.h"
#include "common/time/clock.h"
#include "gmock/gmock.h"
#include "services/complaints/domain/remedy_plan.h"
#include "services/complaints/domain/repair_plan.h"
#include "services/complaints/store/complaint_store.h"
#include "services/complaints/store/complaints_store_contract.h"
#include "services/complaints/store/sql_clear_texts.h"
#include "services/complaints/testing/test_complaints.h"

namespace clientele::complaints {
namespace {

using ::testing::Each;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

constexpr sql::Statement kSelectRawTexts{
    "SelectRawTexts",
    "SELECT subject FROM complaint UNION ALL SELECT description FROM complaint UNION ALL "
    "SELECT desired_remedy FROM complaint UNION ALL SELECT resolution FROM complaint UNION ALL "
    "SELECT text FROM complaint_timeline UNION ALL SELECT description FROM remedy"};
constexpr sql::Statement kDeleteKeys{"DeleteKeys", "DELETE FROM customer_key"};
constexpr sql::Statement kLoseKeys{"LoseKeys", "UPDATE customer_key SET kek_id = 'k-away'"};
// Each opens in another place only.
constexpr sql::Statement kAlterTexts{
    "AlterTexts",
    "UPDATE complaint SET subject_sealed = description_sealed, description_sealed = "
    "subject_sealed"};
// What an earlier release wrote.
constexpr sql::Statement kUnsealComplaints{
    "UnsealComplaints",
    "UPDATE complaint SET subject = 'parcel', subject_sealed = NULL, description = 'It is late', "
    "description_sealed = NULL"};
constexpr sql::Statement kUnsealEntries{
    "UnsealEntries", "UPDATE complaint_timeline SET text = 'where?', text_sealed = NULL"};

}  // namespace

void ComplaintsSealingContract::SetUp() {
  ASSERT_TRUE(File("c-1", "late", 1).ok());
  const ComplaintTarget target{CustomerId("c-1"), ComplaintId("late"), {}};
  ASSERT_TRUE(Save(PlanAddEntry(StateOf("c-1", "late"), target,
                                {TimelineKind::kMessageIn, "where?"}, TestStamp())
                       .value())
                  .ok());
}

void ComplaintsSealingContract::Execute(const sql::Statement& statement) {
  EXPECT_TRUE(Write([&](sql::Tx& tx) { return tx.Execute(statement, {}).status(); }).ok());
}

std::vector<std::string> ComplaintsSealingContract::TextsInTheClear() {
  std::vector<std::string> texts;
  Read([&](sql::Tx& tx) {
    return tx.Query(kSelectRawTexts, {}, [&texts](const sql::Row& row) {
      texts.emplace_back(row.Text(0));
      return absl::OkStatus();
    });
  });
  EXPECT_THAT(texts, Not(IsEmpty()));
  return texts;
}

std::string ComplaintsSealingContract::LastText() {
  std::string text;
  Read([&](sql::Tx& tx) -> absl::Status {
    const auto entries = ListEntries(tx, vault(), CustomerId("c-1"), ComplaintId("late"), 0, 10);
    EXPECT_TRUE(entries.ok() && !entries->empty());
    text = entries->back().text;
    return absl::OkStatus();
  });
  return text;
}

TEST_P(ComplaintsSealingContract, KeepsNothingThatWasSaidInTheClear) {
  EXPECT_THAT(TextsInTheClear(), Each(IsEmpty()));
  EXPECT_EQ(Load("c-1", "late").subject, "the parcel");
  EXPECT_EQ(LastText(), "where?");
}

TEST_P(ComplaintsSealingContract, KeepsTheComplaintWithoutTheKeyAndNoText) {
  Execute(kDeleteKeys);
  const Complaint complaint = Load("c-1", "late");
  EXPECT_EQ(complaint.subject, "");
  EXPECT_EQ(complaint.severity, StateOf("c-1", "late").complaint->severity);
  EXPECT_EQ(LastText(), "");
}

// A key-encryption key may be away, and a defect or an attack alter a text: the jobs go on.
TEST_P(ComplaintsSealingContract, ChangesByItselfAComplaintOfWhichNothingOpens) {
  Execute(kAlterTexts);
  Execute(kLoseKeys);
  ASSERT_TRUE(
      Write([this](sql::Tx& tx) -> absl::Status {
        EXPECT_FALSE(FindComplaint(tx, vault(), CustomerId("c-1"), ComplaintId("late")).ok());
        CLIENTELE_ASSIGN_OR_RETURN(const auto customer, FindCustomer(tx, CustomerId("c-1")));
        CLIENTELE_ASSIGN_OR_RETURN(const std::vector<Complaint> learners,
                                   ListLearners(tx, CustomerId("c-1"), {.tier = Tier::kNone}, 10));
        EXPECT_THAT(learners, SizeIs(1));
        return SavePlan(tx, vault(),
                        PlanLearn(*customer, learners.at(0), {.tier = Tier::kNone}, TestStamp()),
                        false, kTestTime);
      }).ok());
  Read([](sql::Tx& tx) -> absl::Status {
    CLIENTELE_ASSIGN_OR_RETURN(
        const auto complaint,
        FindComplaintWithoutTexts(tx, CustomerId("c-1"), ComplaintId("late")));
    EXPECT_EQ(complaint->tier, Tier::kNone);
    EXPECT_EQ(complaint->subject, "");
    return absl::OkStatus();
  });
}

TEST_P(ComplaintsSealingContract, KeepsTheTextsOfAComplaintThatWasLoadedWithoutThem) {
  const ComplaintTarget target{CustomerId("c-1"), ComplaintId("late"), {}};
  ASSERT_TRUE(Save(PlanAcknowledge(StateOf("c-1", "late"), target, TestStamp()).value()).ok());
  const NewRemedy apology{
      .id = RemedyId("r-1"), .kind = RemedyKind::kApology, .description = "a letter"};
  ASSERT_TRUE(
      Save(PlanProposeRemedy(StateOf("c-1", "late"), target, apology, TestStamp()).value()).ok());
  ASSERT_TRUE(
      Save(PlanApproveRemedy(StateOf("c-1", "late"), target, apology.id, TestStamp()).value())
          .ok());
  ASSERT_TRUE(
      Save(PlanResolve(StateOf("c-1", "late"), target, {.text = "we are sorry"}, TestStamp())
               .value())
          .ok());
  TargetState state = StateOf("c-1", "late");
  Read([&state](sql::Tx& tx) -> absl::Status {
    CLIENTELE_ASSIGN_OR_RETURN(
        state.complaint, FindComplaintWithoutTexts(tx, CustomerId("c-1"), ComplaintId("late")));
    return absl::OkStatus();
  });
  EXPECT_EQ(state.complaint->resolution, "");
  EXPECT_EQ(state.complaint->remedies.at(0).description, "");
  ASSERT_TRUE(Save(PlanClose(state, target, TestStamp()).value()).ok());
  const Complaint closed = Load("c-1", "late");
  EXPECT_EQ(closed.state, ComplaintState::kClosed);
  EXPECT_EQ(closed.subject, "the parcel");
  EXPECT_EQ(closed.resolution, "we are sorry");
  EXPECT_EQ(closed.remedies.at(0).description, "a letter");
}

TEST_P(ComplaintsSealingContract, ReadsAndThenSealsWhatAnEarlierReleaseLeftInTheClear) {
  Execute(kUnsealComplaints);
  Execute(kUnsealEntries);
  Execute(kDeleteKeys);
  const FakeClock clock(kTestTime);
  sealing::Upkeep upkeep(database(), vault(), kTextColumns, LockCustomers, clock);
  for (const bool is_sealed : {false, true}) {
    if (is_sealed) {
      while (upkeep.RunPart().value()) {
      }
      EXPECT_THAT(TextsInTheClear(), Each(IsEmpty()));
    }
    const Complaint complaint = Load("c-1", "late");
    EXPECT_EQ(complaint.subject, "parcel");
    EXPECT_EQ(complaint.description, "It is late");
    EXPECT_EQ(LastText(), "where?");
  }
}

}  // namespace clientele::complaints
