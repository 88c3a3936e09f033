#include "services/loyalty/domain/earning.h"

#include "gtest/gtest.h"
#include "services/loyalty/domain/ledger.h"

namespace clientele::loyalty {
namespace {

Program Gbp() { return DefaultProgram(*CurrencyCode::Parse("GBP"), absl::UTCTimeZone()); }

TEST(EarningTest, EarnsOnePointForEachWholeMajorUnit) {
  struct Case {
    int64_t gross_minor;
    int64_t points;
  };
  for (const Case& c : {Case{100, 1}, Case{199, 1}, Case{200, 2}, Case{13912, 139},
                        Case{kPointsMax, kPointsMax / 100}}) {
    const EarnedPoints earned = PointsFor(Gbp(), "GBP", c.gross_minor, 0);
    EXPECT_EQ(earned.outcome, EarningOutcome::kEarned);
    EXPECT_EQ(earned.points, c.points) << c.gross_minor;
  }
}

TEST(EarningTest, SaysWhyNothingWasEarned) {
  EXPECT_EQ(PointsFor(Gbp(), "GBP", 99, 0).outcome, EarningOutcome::kBelowOnePoint);
  EXPECT_EQ(PointsFor(Gbp(), "GBP", 0, 0).outcome, EarningOutcome::kBelowOnePoint);
  EXPECT_EQ(PointsFor(Gbp(), "EUR", 100'000, 0).outcome, EarningOutcome::kOtherCurrency);
  EXPECT_EQ(PointsFor(Gbp(), "GBP", 200, kPointsMax - 1).outcome, EarningOutcome::kPointsLimit);
  EXPECT_EQ(PointsFor(Gbp(), "GBP", 200, kPointsMax - 2).outcome, EarningOutcome::kEarned);
}

TEST(EarningTest, ReversesByTheCumulativeFloor) {
  const Earning earning{.gross_minor = 1'000, .points = 10};
  EXPECT_EQ(ReversedInAll(earning, 0), 0);
  EXPECT_EQ(ReversedInAll(earning, 99), 0);
  EXPECT_EQ(ReversedInAll(earning, 100), 1);
  EXPECT_EQ(ReversedInAll(earning, 999), 9);
  EXPECT_EQ(ReversedInAll(earning, 1'000), 10);
}

TEST(EarningTest, NeverReversesMoreThanWasEarned) {
  EXPECT_EQ(ReversedInAll({.gross_minor = 150, .points = 1}, 1'000), 1);
  EXPECT_EQ(ReversedInAll({.gross_minor = 0, .points = 0}, 1'000), 0);
  const Earning huge{.gross_minor = kPointsMax, .points = kPointsMax / 100};
  EXPECT_EQ(ReversedInAll(huge, kPointsMax / 2), kPointsMax / 200);
}

}  // namespace
}  // namespace clientele::loyalty
