#include "services/loyalty/domain/tier.h"

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/time/civil.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace clientele::loyalty {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr int64_t kPound = 100;

Program Gbp() { return DefaultProgram(*CurrencyCode::Parse("GBP"), absl::UTCTimeZone()); }

absl::Time Midnight(int day) {
  return absl::FromCivil(absl::CivilDay(2010, 1, 1) + day, absl::UTCTimeZone());
}

// A purchase at noon of a day, days counting from 0.
SpendEntry Bought(int day, int64_t pounds) {
  const absl::Time time = Midnight(day) + absl::Hours(12);
  return {time, DayNumber(DayOf(time, absl::UTCTimeZone())), pounds * kPound};
}

// Something of the purchase of `day` came back at one o'clock of `refund_day`.
SpendEntry Returned(int day, int refund_day, int64_t pounds) {
  SpendEntry entry = Bought(day, -pounds);
  entry.effective_time = Midnight(refund_day) + absl::Hours(13);
  return entry;
}

// "UPGRADED 0>1 day 3": the day an instant falls on.
std::string Show(const TierStep& step) {
  const char* const reasons[] = {"", "UPGRADED", "RENEWED", "DOWNGRADED"};
  return absl::StrCat(reasons[static_cast<int>(step.reason)], " ", step.previous_rank, ">",
                      step.rank, " day ", (step.occur_time - Midnight(0)) / absl::Hours(24));
}

std::vector<std::string> Steps(std::vector<SpendEntry> entries, int now_day) {
  std::vector<std::string> steps;
  for (const TierStep& step :
       ComputeTier(Gbp(), Midnight(0), std::move(entries), Midnight(now_day)).steps) {
    steps.push_back(Show(step));
  }
  return steps;
}

TEST(TierTest, UpgradesAtOnceAndAcrossTiers) {
  EXPECT_THAT(Steps({Bought(1, 999)}, 2), IsEmpty());
  EXPECT_THAT(Steps({Bought(1, 999), Bought(3, 1)}, 4), ElementsAre("UPGRADED 0>1 day 3"));
  EXPECT_THAT(Steps({Bought(1, 20'000)}, 2), ElementsAre("UPGRADED 0>3 day 1"));
}

TEST(TierTest, HoldsToTheMidnightAfter365CivilDays) {
  const TierStanding before =
      ComputeTier(Gbp(), Midnight(0), {Bought(1, 1'000)}, Midnight(366) - absl::Microseconds(1));
  EXPECT_EQ(before.rank, 1);
  EXPECT_EQ(before.valid_until, Midnight(366));
  EXPECT_EQ(before.next_change_time, Midnight(366));
  const TierStanding at = ComputeTier(Gbp(), Midnight(0), {Bought(1, 1'000)}, Midnight(366));
  EXPECT_EQ(at.rank, 0);
  EXPECT_EQ(at.valid_until, std::nullopt);
  EXPECT_EQ(at.reach_time, Midnight(366));
  EXPECT_EQ(at.next_change_time, absl::InfiniteFuture());
}

TEST(TierTest, WindowHas365DaysWithToday) {
  // The purchase of day 1 counts up to day 365 and no longer.
  EXPECT_THAT(Steps({Bought(1, 600), Bought(365, 400)}, 366), ElementsAre("UPGRADED 0>1 day 365"));
  EXPECT_THAT(Steps({Bought(1, 600), Bought(366, 400)}, 367), IsEmpty());
}

TEST(TierTest, RenewsWhenTheWindowStillReachesTheTier) {
  EXPECT_THAT(Steps({Bought(1, 1'000), Bought(100, 1'000)}, 366),
              ElementsAre("UPGRADED 0>1 day 1", "RENEWED 1>1 day 366"));
  EXPECT_THAT(Steps({Bought(1, 1'000), Bought(100, 1'000)}, 731),
              ElementsAre("UPGRADED 0>1 day 1", "RENEWED 1>1 day 366", "DOWNGRADED 1>0 day 731"));
}

TEST(TierTest, DowngradesToTheLevelEarned) {
  EXPECT_THAT(Steps({Bought(1, 20'000), Bought(200, 5'500)}, 366),
              ElementsAre("UPGRADED 0>3 day 1", "DOWNGRADED 3>2 day 366"));
}

TEST(TierTest, AnUpgradeBeginsANewValidity) {
  const TierStanding standing =
      ComputeTier(Gbp(), Midnight(0), {Bought(1, 1'000), Bought(300, 4'500)}, Midnight(400));
  EXPECT_EQ(standing.rank, 2);
  EXPECT_EQ(standing.valid_until, Midnight(665));
}

TEST(TierTest, ARefundLowersTheTierOnlyAtTheEndOfItsValidity) {
  const std::vector<SpendEntry> entries = {Bought(1, 1'000), Bought(50, 1'000),
                                           Returned(50, 60, 1'000)};
  EXPECT_THAT(Steps(entries, 365), ElementsAre("UPGRADED 0>1 day 1"));
  EXPECT_THAT(Steps(entries, 366), ElementsAre("UPGRADED 0>1 day 1", "DOWNGRADED 1>0 day 366"));
}

TEST(TierTest, ARefundIsTakenFromTheDayOfItsPurchase) {
  // What comes back on day 380 was bought on day 1, which no window holds any more.
  EXPECT_THAT(Steps({Bought(1, 1'000), Bought(370, 1'000), Returned(1, 380, 1'000)}, 400),
              ElementsAre("UPGRADED 0>1 day 1", "DOWNGRADED 1>0 day 366", "UPGRADED 0>1 day 370"));
  EXPECT_EQ(
      ComputeTier(Gbp(), Midnight(0), {Bought(1, 1'000), Returned(1, 380, 1'000)}, Midnight(400))
          .net_spend_minor,
      0);
}

TEST(TierTest, WhatComesBackInTheInstantOfThePurchaseLiftsNobody) {
  SpendEntry returned = Bought(1, -500);
  EXPECT_THAT(Steps({Bought(1, 1'000), returned}, 2), IsEmpty());
  returned.effective_time += absl::Microseconds(1);
  EXPECT_THAT(Steps({Bought(1, 1'000), returned}, 2), ElementsAre("UPGRADED 0>1 day 1"));
}

TEST(TierTest, EntriesAfterNowDoNotCountYet) {
  const TierStanding standing =
      ComputeTier(Gbp(), Midnight(0), {Bought(1, 400), Bought(5, 1'000)}, Midnight(5));
  EXPECT_EQ(standing.rank, 0);
  EXPECT_EQ(standing.net_spend_minor, 400 * kPound);
  EXPECT_EQ(standing.next_change_time, Midnight(5) + absl::Hours(12));
}

TEST(TierTest, SaysWhatStillCountsAtTheEndOfTheValidity) {
  const TierStanding standing = ComputeTier(
      Gbp(), Midnight(0), {Bought(1, 900), Bought(20, 100), Bought(21, 300)}, Midnight(30));
  EXPECT_EQ(standing.valid_until, Midnight(385));
  EXPECT_EQ(standing.net_spend_minor, 1'300 * kPound);
  EXPECT_EQ(standing.kept_spend_minor, 300 * kPound);
}

TEST(TierTest, DaysAreThoseOfTheZone) {
  Program program = Gbp();
  program.zone = *LoadTimeZone("Asia/Tokyo");
  const absl::Time time = Midnight(1) + absl::Hours(20);  // day 2 in Tokyo
  const TierStanding standing = ComputeTier(
      program, time, {{time, DayNumber(DayOf(time, program.zone)), 1'000 * kPound}}, Midnight(3));
  EXPECT_EQ(standing.valid_until, Midnight(367) - absl::Hours(9));
}

// The rule written down as plainly as it can be, day by day and without any window that moves.
int64_t NaiveSpend(const std::vector<SpendEntry>& entries, absl::Time time) {
  const int64_t today = DayNumber(DayOf(time, absl::UTCTimeZone()));
  int64_t sum = 0;
  for (const SpendEntry& entry : entries) {
    if (entry.effective_time <= time && entry.purchase_day > today - 365 &&
        entry.purchase_day <= today) {
      sum += entry.amount_minor;
    }
  }
  return sum;
}

std::vector<std::string> NaiveSteps(const std::vector<SpendEntry>& entries, absl::Time now) {
  std::vector<absl::Time> instants;
  instants.reserve(entries.size());
  for (const SpendEntry& entry : entries) {
    instants.push_back(entry.effective_time);
  }
  for (int day = 0; Midnight(day) <= now; ++day) {
    instants.push_back(Midnight(day));
  }
  std::sort(instants.begin(), instants.end());
  std::vector<std::string> steps;
  TierRank rank = 0;
  absl::Time valid_until = absl::InfiniteFuture();
  for (const absl::Time time : instants) {
    if (time > now) {
      break;
    }
    const TierRank reached = Gbp().RankOf(NaiveSpend(entries, time));
    const bool ended = time >= valid_until;
    if (reached <= rank && !ended) {
      continue;
    }
    const TierChangeReason reason = reached > rank    ? TierChangeReason::kUpgraded
                                    : reached == rank ? TierChangeReason::kRenewed
                                                      : TierChangeReason::kDowngraded;
    steps.push_back(Show({time, reason, rank, reached, std::nullopt, 0}));
    rank = reached;
    valid_until = rank == 0
                      ? absl::InfiniteFuture()
                      : StartOfDay(DayOf(time, absl::UTCTimeZone()) + 365, absl::UTCTimeZone());
  }
  return steps;
}

TEST(TierTest, AgreesWithTheNaiveRuleInWhateverOrderEntriesArrive) {
  std::mt19937 random(7);
  const auto pick = [&random](int below) {
    return std::uniform_int_distribution<int>(0, below - 1)(random);
  };
  for (int round = 0; round < 200; ++round) {
    std::vector<SpendEntry> entries;
    const int purchases = 1 + pick(25);
    for (int i = 0; i < purchases; ++i) {
      const int day = pick(1500);
      const int64_t pounds = 1 + pick(pick(4) == 0 ? 9'000 : 700);
      entries.push_back(Bought(day, pounds));
      if (pick(3) == 0) {
        entries.push_back(Returned(day, day + pick(500), 1 + pick(static_cast<int>(pounds))));
      }
    }
    const int now_day = pick(2500);
    const std::vector<std::string> expected = NaiveSteps(entries, Midnight(now_day));
    for (int shuffle = 0; shuffle < 5; ++shuffle) {
      std::shuffle(entries.begin(), entries.end(), random);
      ASSERT_EQ(Steps(entries, now_day), expected) << "round " << round;
    }
  }
}

}  // namespace
}  // namespace clientele::loyalty
