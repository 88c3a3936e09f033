#include "services/loyalty/jobs/due_sweep.h"

#include <memory>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/loyalty/api/converters/event_proto.h"
#include "services/loyalty/jobs/ledger_check.h"
#include "services/loyalty/limits.h"
#include "services/loyalty/testing/api_fixture.h"

namespace clientele::loyalty {
namespace {

using ::testing::ElementsAre;
using ::testing::Pair;

class DueSweepTest : public ::testing::Test, public ApiFixture {
 protected:
  // With 5 points each, from "c-1000" on.
  void AddMembers(int count) {
    std::vector<common::v1::Event> events;
    events.reserve(count);
    for (int i = 0; i < count; ++i) {
      events.push_back(PurchaseRecorded({.customer_id = "c-" + std::to_string(1000 + i),
                                         .number = i,
                                         .occur_time = NoonOf(1),
                                         .gross_minor = 500}));
    }
    ASSERT_EQ(Deliver(events), absl::OkStatus());
  }

  // How many members the sweep took, in all of its transactions.
  int64_t Sweep() {
    int64_t count = 0;
    EXPECT_EQ(TrySweep(count), absl::OkStatus());
    return count;
  }
  absl::Status TrySweep(int64_t& count) {
    return SweepDueMembers(api(), business_clock().Now(),
                           [&count](int64_t swept) { count += swept; });
  }
};

// As if the lot of c-9 had expired before: the sweep cannot post it.
constexpr sql::Statement kPlantExpiry{
    "PlantExpiry",
    "UPDATE ledger_entry SET cause_key = 'expiry/1' WHERE customer_id = 'c-9' AND seq = 1"};

TEST_F(DueSweepTest, PostsWhatIsDueAndNothingElse) {
  AddMember("c-1", 100, 1);
  AddMember("c-2", 100, 300);
  EXPECT_EQ(Sweep(), 0);
  business_clock().Advance(absl::Hours(24 * 400));  // 2013-01-13: c-1's points have expired
  EXPECT_EQ(Sweep(), 1);
  EXPECT_EQ(Entries("c-1").front().kind(), v1::ENTRY_KIND_EXPIRE);
  EXPECT_EQ(Entries("c-1").front().points(), 100);
  EXPECT_EQ(Entries("c-2").size(), 1U);
  EXPECT_EQ(Sweep(), 0);
  EXPECT_EQ(Imbalance(), 0);
}

TEST_F(DueSweepTest, TellsWhoseTierHasEnded) {
  AddMember("c-1", 1'000, 300);
  business_clock().Advance(absl::Hours(24 * 400));
  EXPECT_EQ(Sweep(), 1);
  const feed::OutboxEvent last = Outbox().back();
  EXPECT_EQ(last.type, kTierChangedType);
  EXPECT_EQ(Sweep(), 0);
}

TEST_F(DueSweepTest, GoesThroughMoreMembersThanOneTransactionTakes) {
  const int count = static_cast<int>(kSweepMembers) * 2 + 7;
  AddMembers(count);
  business_clock().Advance(absl::Hours(24 * 400));
  EXPECT_EQ(Sweep(), count);
  EXPECT_EQ(Balance("c-1000").available(), 0);
  EXPECT_EQ(Imbalance(), 0);
}

TEST_F(DueSweepTest, CountsWhatWasCommittedBeforeATransactionFails) {
  for (int i = 0; i < static_cast<int>(kSweepMembers); ++i) {
    AddMember("c-" + std::to_string(1000 + i), 5, 1);
  }
  AddMember("c-9", 5, 2);
  ASSERT_EQ(database().RunInTransaction(
                {}, [&](sql::Tx& tx) { return tx.Execute(kPlantExpiry, {}).status(); }),
            absl::OkStatus());
  business_clock().Advance(absl::Hours(24 * 400));
  int64_t count = 0;
  EXPECT_FALSE(TrySweep(count).ok());
  EXPECT_EQ(count, kSweepMembers);
}

constexpr sql::Statement kPlantWrongBalance{
    "PlantWrongBalance", "UPDATE member SET available = available + 1 WHERE customer_id = 'c-2'"};
constexpr sql::Statement kPlantLostEntry{"PlantLostEntry",
                                         "DELETE FROM ledger_entry WHERE customer_id = 'c-2'"};
constexpr sql::Statement kPlantWrongLot{
    "PlantWrongLot", "UPDATE lot SET remaining = remaining - 1 WHERE customer_id = 'c-2'"};

TEST_F(DueSweepTest, TheCheckCatchesEveryPlantedDefect) {
  for (const sql::Statement& defect : {kPlantWrongBalance, kPlantLostEntry, kPlantWrongLot}) {
    ApiFixture fixture;
    fixture.AddMember("c-1", 100);
    fixture.AddMember("c-2", 100);
    EXPECT_EQ(fixture.Imbalance(), 0);
    ASSERT_EQ(fixture.database().RunInTransaction(
                  {}, [&](sql::Tx& tx) { return tx.Execute(defect, {}).status(); }),
              absl::OkStatus());
    LedgerCheck check(fixture.database(), "local", fixture.record_clock());
    ASSERT_EQ(check.Run(), absl::StatusOr<bool>(false));
    EXPECT_EQ(check.imbalance_count(), 1) << defect.name;
    EXPECT_EQ(check.Examples(), std::vector<std::string>{"c-2"});
  }
}

TEST_F(DueSweepTest, TheCheckAddsUpWhatMembersHave) {
  LedgerCheck check(database(), "local", record_clock());
  const auto totals = [&check] {
    EXPECT_EQ(check.Run(), absl::StatusOr<bool>(false));
    return check.totals().value();
  };
  EXPECT_FALSE(check.totals().has_value());
  AddMember("c-1", 100, 1);
  AddMember("c-2", 1'500, 300);  // SILVER
  const LedgerTotals before = totals();
  EXPECT_EQ(before.outstanding_points, 1'600);
  EXPECT_EQ(before.expired_points, 0);
  EXPECT_THAT(before.members_by_tier, ElementsAre(Pair(0, 1), Pair(1, 1)));
  // The points of c-1 and the tier of c-2 have ended. Each pass begins anew.
  business_clock().Advance(absl::Hours(24 * 400));
  EXPECT_EQ(Sweep(), 2);
  const LedgerTotals after = totals();
  EXPECT_EQ(after.outstanding_points, 1'500);
  EXPECT_EQ(after.debt_points, 0);
  EXPECT_EQ(after.earned_points, 1'600);
  EXPECT_EQ(after.redeemed_points, 0);
  EXPECT_EQ(after.expired_points, 100);
  EXPECT_THAT(after.members_by_tier, ElementsAre(Pair(0, 2)));
}

TEST_F(DueSweepTest, TheCheckSaysWhenAndOfHowManyMembersItsLastWholePassWas) {
  LedgerCheck check(database(), "local", record_clock());
  EXPECT_FALSE(check.imbalance_count().has_value());
  const int64_t count = kCheckMembers + 1;
  AddMembers(static_cast<int>(count));
  EXPECT_EQ(check.Run(), absl::StatusOr<bool>(false));
  EXPECT_EQ(check.imbalance_count(), 0);
  EXPECT_EQ(check.totals()->member_count, count);
  EXPECT_EQ(check.totals()->outstanding_points, count * 5);
  EXPECT_EQ(check.totals()->end_time, record_clock().Now());
}

TEST_F(DueSweepTest, OneReplicaChecksAndTheOthersKnowNothing) {
  AddMember("c-1", 100);
  auto first = std::make_unique<LedgerCheck>(database(), "first", record_clock());
  LedgerCheck second(database(), "second", record_clock());
  ASSERT_EQ(first->Run(), absl::StatusOr<bool>(false));
  ASSERT_EQ(second.Run(), absl::StatusOr<bool>(false));
  EXPECT_EQ(first->imbalance_count(), 0);
  EXPECT_FALSE(second.totals().has_value());
  EXPECT_FALSE(second.imbalance_count().has_value());
  first.reset();
  ASSERT_EQ(second.Run(), absl::StatusOr<bool>(false));
  EXPECT_EQ(second.totals()->member_count, 1);
}

TEST_F(DueSweepTest, WhoCouldNotRenewItsLeaseTellsNothingOfTheLedger) {
  AddMember("c-1", 100);
  LedgerCheck check(database(), "local", record_clock());
  ASSERT_EQ(check.Run(), absl::StatusOr<bool>(false));
  record_clock().Advance(LedgerCheck::kLeaseTtl);
  EXPECT_FALSE(check.totals().has_value());
  EXPECT_FALSE(check.imbalance_count().has_value());
  ASSERT_EQ(check.Run(), absl::StatusOr<bool>(false));
  EXPECT_EQ(check.totals()->end_time, record_clock().Now());
}

}  // namespace
}  // namespace clientele::loyalty
