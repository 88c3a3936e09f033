#include "services/complaints/store/complaints_store_contract.h"

#include <string>
#include <utility>
#include <vector>

#include "common/status/error.h"
#include "common/status/macros.h"
#include "gmock/gmock.h"
#include "services/complaints/domain/complaint_number.h"
#include "services/complaints/domain/remedy_plan.h"
#include "services/complaints/store/complaint_store.h"
#include "services/complaints/testing/test_complaints.h"

namespace clientele::complaints {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// Every page of one complaint.
std::vector<std::string> ListAll(sql::Tx& tx, const sealing::Vault& vault,
                                 ComplaintListQuery query) {
  std::vector<std::string> ids;
  query.count_max = 1;
  while (true) {
    const auto page = ListComplaints(tx, vault, query);
    EXPECT_TRUE(page.ok()) << page.status();
    if (!page.ok() || page->empty()) return ids;
    const Complaint& last = page->back();
    ids.push_back(last.id.value());
    query.after = ComplaintPosition{last.priority_rank, absl::ToUnixMicros(last.record_time),
                                    last.customer_id.value(), last.id.value()};
  }
}

TEST_P(ComplaintsStoreContract, GivesAComplaintBackAsItWasStored) {
  ASSERT_TRUE(File("c-1", "late", 1).ok());
  const Complaint complaint = Load("c-1", "late");
  EXPECT_EQ(complaint.number, MakeComplaintNumber(1));
  EXPECT_EQ(complaint.subject, "the parcel");
  EXPECT_EQ(complaint.state, ComplaintState::kReceived);
  EXPECT_EQ(complaint.concerned_staff_ids, std::vector<StaffId>{StaffId("staff-7")});
  EXPECT_THAT(complaint.purchase_ids, IsEmpty());
  EXPECT_EQ(complaint.priority_rank, 122);
  EXPECT_EQ(complaint.occur_time, kTestTime);
  EXPECT_FALSE(complaint.resolve_time.has_value());
  EXPECT_EQ(complaint.version, 1);
  EXPECT_EQ(complaint.entry_count, 1);
}

TEST_P(ComplaintsStoreContract, GivesAChangedComplaintBackAsItWasStored) {
  ASSERT_TRUE(File("c-1", "late", 1).ok());
  const ComplaintTarget target{CustomerId("c-1"), ComplaintId("late"), {}};
  ASSERT_TRUE(Save(PlanAcknowledge(StateOf("c-1", "late"), target, TestStamp()).value()).ok());
  ASSERT_TRUE(
      Save(PlanResolve(StateOf("c-1", "late"), target,
                       {static_cast<Finding>(1), static_cast<Relief>(2), "sorry"}, TestStamp())
               .value())
          .ok());
  const Complaint complaint = Load("c-1", "late");
  EXPECT_EQ(complaint.state, ComplaintState::kResolved);
  EXPECT_EQ(complaint.finding, static_cast<Finding>(1));
  EXPECT_EQ(complaint.relief, static_cast<Relief>(2));
  EXPECT_EQ(complaint.resolution, "sorry");
  EXPECT_EQ(complaint.resolve_time, kTestTime);
  EXPECT_EQ(complaint.version, 3);
  EXPECT_EQ(StateOf("c-1", "late").customer.feed_seq, 3);
}

TEST_P(ComplaintsStoreContract, FindsAComplaintByItsNumberAlone) {
  ASSERT_TRUE(File("c-1", "late", 1).ok());
  ASSERT_TRUE(File("c-2", "late", 2).ok());
  Read([this](sql::Tx& tx) -> absl::Status {
    CLIENTELE_ASSIGN_OR_RETURN(const auto found,
                               FindComplaintByNumber(tx, vault(), MakeComplaintNumber(2)));
    EXPECT_EQ(found->customer_id, CustomerId("c-2"));
    CLIENTELE_ASSIGN_OR_RETURN(const auto none,
                               FindComplaintByNumber(tx, vault(), MakeComplaintNumber(3)));
    EXPECT_FALSE(none.has_value());
    return absl::OkStatus();
  });
}

TEST_P(ComplaintsStoreContract, NeverStoresOneIdOrNumberTwice) {
  ASSERT_TRUE(File("c-1", "late", 1).ok());
  EXPECT_EQ(GetErrorReason(File("c-1", "late", 2)), "TRANSACTION_CONFLICT");
  EXPECT_EQ(GetErrorReason(File("c-1", "lost", 1)), "TRANSACTION_CONFLICT");
  EXPECT_TRUE(File("c-2", "late", 2).ok());
}

TEST_P(ComplaintsStoreContract, KeepsTheTimelineInOrder) {
  ASSERT_TRUE(File("c-1", "late", 1).ok());
  const ComplaintTarget target{CustomerId("c-1"), ComplaintId("late"), {}};
  for (const char* text : {"one", "two", "three"}) {
    ASSERT_TRUE(Save(PlanAddEntry(StateOf("c-1", "late"), target, {TimelineKind::kMessageIn, text},
                                  TestStamp())
                         .value())
                    .ok());
  }
  Read([&](sql::Tx& tx) -> absl::Status {
    CLIENTELE_ASSIGN_OR_RETURN(const auto entries, ListEntries(tx, vault(), target.customer_id,
                                                               target.complaint_id, 2, 10));
    EXPECT_EQ(entries.size(), 2u);
    EXPECT_EQ(entries[0].text, "two");
    EXPECT_EQ(entries[1].number, 4);
    EXPECT_EQ(entries[1].actor, "staff-1");
    return absl::OkStatus();
  });
}

TEST_P(ComplaintsStoreContract, PagesInBothOrders) {
  ASSERT_TRUE(File("c-1", "base", 1, {.customer_exists = true, .tier = Tier::kBase}).ok());
  ASSERT_TRUE(File("c-2", "gold", 2).ok());
  ASSERT_TRUE(File("c-2", "gold-too", 3).ok());
  Read([this](sql::Tx& tx) {
    EXPECT_THAT(ListAll(tx, vault(), {}), ElementsAre("gold-too", "gold", "base"));
    EXPECT_THAT(ListAll(tx, vault(), {.order = ComplaintOrder::kMostUrgentFirst}),
                ElementsAre("gold", "gold-too", "base"));
    EXPECT_THAT(ListAll(tx, vault(), {.customer_id = CustomerId("c-1")}), ElementsAre("base"));
    BoundFilter filter;
    filter.comparisons.push_back({.field = "tier",
                                  .sql = "tier",
                                  .op = FilterOperator::kEqual,
                                  .value = int64_t{static_cast<int>(Tier::kBase)}});
    EXPECT_THAT(ListAll(tx, vault(), {.filter = filter, .order = ComplaintOrder::kMostUrgentFirst}),
                ElementsAre("base"));
    return absl::OkStatus();
  });
}

TEST_P(ComplaintsStoreContract, CountsOpenComplaintsOnly) {
  ASSERT_TRUE(File("c-1", "late", 1).ok());
  ASSERT_TRUE(File("c-1", "lost", 2).ok());
  const ComplaintTarget target{CustomerId("c-1"), ComplaintId("late"), {}};
  ASSERT_TRUE(Save(PlanAcknowledge(StateOf("c-1", "late"), target, TestStamp()).value()).ok());
  ASSERT_TRUE(Save(PlanResolve(StateOf("c-1", "late"), target, {}, TestStamp()).value()).ok());
  Read([](sql::Tx& tx) -> absl::Status {
    EXPECT_EQ(CountOpenComplaints(tx, CustomerId("c-1")).value(), 1);
    EXPECT_EQ(CountOpenComplaints(tx, CustomerId("c-2")).value(), 0);
    return absl::OkStatus();
  });
}

TEST_P(ComplaintsStoreContract, GivesRemediesBackWithTheirComplaint) {
  ASSERT_TRUE(File("c-1", "late", 1).ok());
  const ComplaintTarget target{CustomerId("c-1"), ComplaintId("late"), {}};
  ASSERT_TRUE(Save(PlanAcknowledge(StateOf("c-1", "late"), target, TestStamp()).value()).ok());
  ASSERT_TRUE(Save(PlanProposeRemedy(StateOf("c-1", "late"), target,
                                     {.id = RemedyId("r-1"), .points = 500, .description = "sorry"},
                                     TestStamp())
                       .value())
                  .ok());
  ASSERT_TRUE(
      Save(PlanApproveRemedy(StateOf("c-1", "late"), target, RemedyId("r-1"), TestStamp()).value())
          .ok());
  const TargetState state = StateOf("c-1", "late");
  ASSERT_TRUE(Save(PlanMoveRemedy(state.customer, *state.complaint, RemedyId("r-1"),
                                  {RemedyState::kExecuted, "", "t-1"}, TestStamp()))
                  .ok());
  const Complaint complaint = Load("c-1", "late");
  ASSERT_EQ(complaint.remedies.size(), 1u);
  EXPECT_EQ(complaint.remedies[0].state, RemedyState::kExecuted);
  EXPECT_EQ(complaint.remedies[0].points, 500);
  EXPECT_EQ(complaint.remedies[0].description, "sorry");
  EXPECT_EQ(complaint.remedies[0].ledger_transaction_id, "t-1");
  EXPECT_EQ(complaint.remedies[0].approver, "staff-1");
}

}  // namespace
}  // namespace clientele::complaints
