#include "services/loyalty/domain/purchase_history.h"

#include <algorithm>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "common/status/error.h"
#include "gtest/gtest.h"
#include "services/loyalty/domain/test_calendar.h"

namespace clientele::loyalty {
namespace {

MemberState NewState() {
  Member member;
  member.id = CustomerId("c-1");
  member.enroll_time = absl::InfiniteFuture();
  return {LedgerBook(Gbp(), member, {}), {}};
}

class PurchaseHistoryTest : public ::testing::Test {
 protected:
  void Buy(const std::string& id, int64_t gross_minor, int day,
           const std::string& currency = "GBP") {
    ApplyPurchase(Gbp(), {PurchaseId(id), currency, gross_minor}, {Day(day), Day(day)}, now_,
                  *state_);
  }
  absl::Status Refund(const std::string& id, const std::string& number, int64_t amount_minor,
                      int64_t so_far_minor, int day) {
    return ApplyRefund({PurchaseId(id), number, amount_minor, so_far_minor}, {Day(day), Day(day)},
                       now_, *state_);
  }
  const Member& member() const { return state_->book.member(); }

  absl::Time now_ = Day(400);
  std::optional<MemberState> state_ = NewState();
};

TEST_F(PurchaseHistoryTest, TheSamePurchaseEarnsOnce) {
  Buy("p-1", 1'250, 1);
  Buy("p-1", 1'250, 1);
  EXPECT_EQ(member().available, 12);
  EXPECT_EQ(state_->book.entries().size(), 1U);
}

TEST_F(PurchaseHistoryTest, TheSameRefundTakesBackOnce) {
  Buy("p-1", 1'000, 1);
  ASSERT_EQ(Refund("p-1", "r-1", 500, 500, 2), absl::OkStatus());
  ASSERT_EQ(Refund("p-1", "r-1", 500, 500, 2), absl::OkStatus());
  EXPECT_EQ(member().available, 5);
  EXPECT_EQ(state_->history.made_refunds().size(), 1U);
}

TEST_F(PurchaseHistoryTest, RemembersPurchasesThatEarnNothing) {
  Buy("p-1", 100'000, 1, "EUR");
  EXPECT_EQ(member().available, 0);
  EXPECT_TRUE(state_->book.entries().empty());
  EXPECT_EQ(state_->history.Find(PurchaseId("p-1"))->outcome, EarningOutcome::kOtherCurrency);
  ASSERT_EQ(Refund("p-1", "r-1", 500, 500, 2), absl::OkStatus());
  EXPECT_TRUE(state_->history.SpendIn(Gbp()).empty());
}

TEST_F(PurchaseHistoryTest, ACancellationTakesBackAllThatIsLeft) {
  Buy("p-1", 1'000, 1);
  ASSERT_EQ(Refund("p-1", "r-1", 300, 300, 2), absl::OkStatus());
  ASSERT_EQ(ApplyCancel(PurchaseId("p-1"), {Day(3), Day(3)}, now_, *state_), absl::OkStatus());
  ASSERT_EQ(ApplyCancel(PurchaseId("p-1"), {Day(3), Day(3)}, now_, *state_), absl::OkStatus());
  EXPECT_EQ(member().available, 0);
  EXPECT_EQ(state_->book.entries().back().cause.reason, "CANCELLATION");
  int64_t sum = 0;
  for (const SpendEntry& entry : state_->history.SpendIn(Gbp())) {
    sum += entry.amount_minor;
  }
  EXPECT_EQ(sum, 0);
}

TEST_F(PurchaseHistoryTest, ARefundOfAnUnknownPurchaseIsAnError) {
  EXPECT_EQ(GetErrorReason(Refund("p-9", "r-1", 1, 1, 2)), "EARNING_NOT_FOUND");
  EXPECT_EQ(GetErrorReason(ApplyCancel(PurchaseId("p-9"), {Day(3), Day(3)}, now_, *state_)),
            "EARNING_NOT_FOUND");
}

TEST_F(PurchaseHistoryTest, ARefundFindsThePointsThatHadNotExpiredWhenItHappened) {
  now_ = Day(3'000);
  Buy("p-1", 1'000, 1);
  ASSERT_EQ(Refund("p-1", "r-1", 1'000, 1'000, 30), absl::OkStatus());
  EXPECT_EQ(state_->book.entries().back().kind, EntryKind::kReverse);
  EXPECT_EQ(member().available, 0);
}

TEST_F(PurchaseHistoryTest, ARefundAfterTheExpiryClaimsNothing) {
  now_ = Day(3'000);
  Buy("p-1", 1'000, 1);
  ASSERT_EQ(Refund("p-1", "r-1", 1'000, 1'000, 800), absl::OkStatus());
  EXPECT_EQ(state_->book.entries().back().kind, EntryKind::kExpire);
  EXPECT_EQ(member().available, 0);
  EXPECT_EQ(member().debt, 0);
}

TEST_F(PurchaseHistoryTest, EnrolmentIsTheEarliestPurchaseWheneverItArrives) {
  Buy("p-1", 1'000, 9);
  Buy("p-2", 1'000, 4);
  Buy("p-3", 1'000, 6);
  EXPECT_EQ(member().enroll_time, Day(4));
}

TEST_F(PurchaseHistoryTest, TellsTheFeedOfAnEnrolmentOnceAndWithTheTierReached) {
  for (const auto& [gross_minor, tier] : {std::pair(1'000, "BASE"), std::pair(150'000, "SILVER")}) {
    state_.emplace(NewState());
    Buy("p-1", gross_minor, 380);
    RefreshTier(Gbp(), now_, Day(390), *state_);
    RefreshTier(Gbp(), now_, Day(390), *state_);
    ASSERT_EQ(state_->book.events().size(), 2U);  // the points came first
    const Event& event = state_->book.events().back();
    EXPECT_EQ(event.occur_time, Day(380));
    const auto& enrolled = std::get<TierChanged>(event.body);
    EXPECT_EQ(enrolled.previous_tier, "");
    EXPECT_EQ(enrolled.tier, tier);
    EXPECT_EQ(enrolled.reason, TierChangeReason::kEnrolled);
  }
}

TEST_F(PurchaseHistoryTest, TellsTheFeedWhenTheTierIsAnotherOne) {
  Buy("p-0", 1'000, 370);
  RefreshTier(Gbp(), now_, Day(370), *state_);
  Buy("p-1", 150'000, 380);
  RefreshTier(Gbp(), now_, Day(390), *state_);
  const auto& changed = std::get<TierChanged>(state_->book.events().back().body);
  EXPECT_EQ(changed.previous_tier, "BASE");
  EXPECT_EQ(changed.tier, "SILVER");
  EXPECT_EQ(changed.reason, TierChangeReason::kUpgraded);
  EXPECT_EQ(member().tier_rank, 1);
  EXPECT_EQ(member().tier_due_time, changed.valid_until);
  const size_t count = state_->book.events().size();
  RefreshTier(Gbp(), now_, Day(390), *state_);
  EXPECT_EQ(state_->book.events().size(), count);
  RefreshTier(Gbp(), Day(800), Day(800), *state_);
  EXPECT_EQ(std::get<TierChanged>(state_->book.events().back().body).tier, "BASE");
}

// What the tiers and the earned points are does not depend on the order in which events arrive, as
// long as a refund follows its purchase.
TEST_F(PurchaseHistoryTest, SpendAndPointsDoNotDependOnTheOrderOfArrival) {
  std::mt19937 random(11);
  for (int round = 0; round < 50; ++round) {
    std::vector<int> order(12);
    for (size_t i = 0; i < order.size(); ++i) order[i] = static_cast<int>(i);
    std::vector<std::string> seen;
    for (int shuffle = 0; shuffle < 4; ++shuffle) {
      state_.emplace(NewState());
      for (const int i : order) {
        const std::string id = std::to_string(i);
        Buy(id, 10'000 + 7'777 * i * ((round % 5) + 1), 1 + 29 * i);
        if (i % 3 == 0) {
          ASSERT_EQ(Refund(id, "r", 5'000, 5'000, 40 + 29 * i), absl::OkStatus());
        }
      }
      const TierStanding standing =
          ComputeTier(Gbp(), member().enroll_time, state_->history.SpendIn(Gbp()), now_);
      std::string show = std::to_string(member().available) + " " + std::to_string(standing.rank);
      for (const TierStep& step : standing.steps) {
        show += absl::FormatTime(step.occur_time, absl::UTCTimeZone());
      }
      seen.push_back(show);
      EXPECT_EQ(seen.back(), seen.front());
      std::shuffle(order.begin(), order.end(), random);
    }
  }
}

}  // namespace
}  // namespace clientele::loyalty
