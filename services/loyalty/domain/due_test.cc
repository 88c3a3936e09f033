#include "services/loyalty/domain/due.h"

#include <set>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/loyalty/domain/test_calendar.h"

namespace clientele::loyalty {
namespace {

using ::testing::ElementsAre;

// "2012-01-01 SILVER>BASE" or "2013-01-01 -1500": when it happened and what.
std::string Show(const Event& event) {
  const std::string day = absl::FormatTime("%Y-%m-%d ", event.occur_time, absl::UTCTimeZone());
  if (const auto* posted = std::get_if<PointsPosted>(&event.body); posted != nullptr) {
    return absl::StrCat(day, posted->signed_points);
  }
  const auto& changed = std::get<TierChanged>(event.body);
  return absl::StrCat(day, changed.previous_tier, ">", changed.tier);
}

class DueTest : public ::testing::Test {
 protected:
  // A purchase of whole pounds that happened and was recorded at noon of these days.
  void Buy(int64_t pounds, int day, int record_day) {
    const std::string id = absl::StrCat("p-", ++purchase_count_);
    ApplyPurchase(Gbp(), {PurchaseId(id), "GBP", pounds * 100}, {Day(day), Day(record_day)},
                  Day(record_day), state_);
    RefreshTier(Gbp(), Day(record_day), Day(record_day), state_);
    state_.book.NameEvents([&id](const Event& event) { return absl::StrCat(id, event.feed_seq); });
  }

  // What was told on the way to noon of `day`, and how.
  std::vector<std::string> BringUp(int day) {
    const size_t before = state_.book.events().size();
    BringUpTo(Gbp(), Day(day), state_);
    std::vector<std::string> told;
    for (size_t i = before; i < state_.book.events().size(); ++i) {
      told.push_back(Show(state_.book.events()[i]));
    }
    return told;
  }

  static MemberState NewState() {
    Member member;
    member.id = CustomerId("c-1");
    member.enroll_time = Day(1);
    return {LedgerBook(Gbp(), member, {}), {}};
  }

  MemberState state_ = NewState();
  int purchase_count_ = 0;
};

TEST_F(DueTest, PostsAndTellsEachThingAsOfItsInstantInOrder) {
  Buy(20'000, 1, 1);     // PLATINUM to the end of 2011
  Buy(1'500, 200, 200);  // SILVER from then on to the end of 2012
  EXPECT_THAT(BringUp(365), ElementsAre());
  EXPECT_THAT(BringUp(2'000), ElementsAre("2012-01-01 PLATINUM>SILVER", "2012-12-31 SILVER>BASE",
                                          "2013-01-01 -20000", "2013-07-19 -1500"));
  for (const Event& event : state_.book.events()) {
    EXPECT_EQ(event.record_time, event.occur_time) << Show(event);
  }
  EXPECT_EQ(state_.book.due_time(), std::nullopt);
  EXPECT_EQ(state_.book.due_count(), 4);
  EXPECT_EQ(state_.book.member().available, 0);
}

TEST_F(DueTest, StepsOnTheWayMakeNoDifference) {
  Buy(20'000, 1, 1);
  Buy(1'500, 200, 200);
  MemberState other = state_;
  BringUp(2'000);
  for (int day = 200; day <= 2'000; ++day) {
    BringUpTo(Gbp(), Day(day), other);
  }
  ASSERT_EQ(other.book.events().size(), state_.book.events().size());
  std::set<std::string> ids;
  for (size_t i = 0; i < other.book.events().size(); ++i) {
    const Event& event = other.book.events()[i];
    EXPECT_EQ(event.id, state_.book.events()[i].id);
    EXPECT_EQ(event.record_time, state_.book.events()[i].record_time);
    ids.insert(event.id);
  }
  EXPECT_EQ(ids.size(), other.book.events().size());
  EXPECT_EQ(other.book.member().head_hash, state_.book.member().head_hash);
}

TEST_F(DueTest, ALotThatComesInExpiredWaitsADayForWhatComesWithIt) {
  Buy(100, 1, 2'000);  // expired on day 732
  const absl::Time due = Day(2'000) + kLateExpiryWait;
  EXPECT_EQ(state_.book.due_time(), due);
  EXPECT_THAT(BringUp(2'000), ElementsAre());
  MemberState refunded = state_;
  ASSERT_EQ(ApplyRefund({PurchaseId("p-1"), "r-1", 10'000, 10'000}, {Day(30), Day(2'000)},
                        Day(2'000), refunded),
            absl::OkStatus());
  EXPECT_EQ(refunded.book.entries().back().kind, EntryKind::kReverse);
  EXPECT_THAT(BringUp(2'001), ElementsAre("2013-01-01 -100"));
  const Entry& expiry = state_.book.entries().back();
  // Recorded as if it had been posted at once, wherever the wait has ended.
  EXPECT_EQ(expiry.record_time, Day(2'000) + absl::Microseconds(1));
}

TEST_F(DueTest, WhatHappensAfterALateLotExpiredPostsThatBeforeItIsDue) {
  Buy(100, 1, 2'000);
  Buy(50, 1'990, 2'000);
  ASSERT_EQ(state_.book.entries().size(), 3U);
  EXPECT_EQ(state_.book.entries()[1].kind, EntryKind::kExpire);
  EXPECT_EQ(state_.book.due_time(), state_.book.lot(3).expire_time);
}

}  // namespace
}  // namespace clientele::loyalty
