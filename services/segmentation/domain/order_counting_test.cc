#include "services/segmentation/domain/order_counting.h"

#include <algorithm>
#include <limits>
#include <random>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace clientele::segmentation {
namespace {

constexpr absl::CivilDay kAsOf(2011, 12, 10);

absl::Time At(int year, int month, int day, int hour = 12) {
  return absl::FromCivil(absl::CivilSecond(year, month, day, hour), absl::UTCTimeZone());
}

LoggedOrder Order(absl::Time time, int64_t gross_minor, int64_t net_minor) {
  return {time, gross_minor, net_minor, "USD", "shop"};
}
LoggedOrder Order(absl::Time time, int64_t gross_minor) {
  return Order(time, gross_minor, gross_minor);
}

RfmModelSpec SpecWith(MonetaryBasis monetary) {
  RfmModelSpec spec;
  spec.monetary = monetary;
  return spec;
}

CountedCustomer Count(const RfmModelSpec& spec, const std::vector<LoggedOrder>& orders) {
  return OrderCounter(spec, kAsOf).Count(orders);
}

TEST(OrderCountingTest, GrossCountsEveryRecordedOrderAtItsOriginalAmount) {
  const std::vector<LoggedOrder> orders = {
      Order(At(2011, 12, 1), 500, 0), Order(At(2011, 12, 7), 300, 100), Order(At(2011, 11, 1), 0)};
  const CountedCustomer counted = Count(SpecWith(MonetaryBasis::kGross), orders);
  EXPECT_EQ(counted.exclusion, Exclusion::kNone);
  EXPECT_EQ(counted.row.recency_days, 3);
  EXPECT_EQ(counted.row.frequency, 3);
  EXPECT_EQ(counted.row.revenue_minor, 800);
  EXPECT_EQ(counted.first_order_time, At(2011, 11, 1));
}

TEST(OrderCountingTest, NetSubtractsRefundsAndDropsWhatIsAtOrBelowZero) {
  const std::vector<LoggedOrder> orders = {Order(At(2011, 12, 8), 500, 0),
                                           Order(At(2011, 12, 7), 300, 100),
                                           Order(At(2011, 12, 6), 300, -5)};
  const CountedCustomer counted = Count(SpecWith(MonetaryBasis::kNet), orders);
  EXPECT_EQ(counted.row.recency_days, 3);
  EXPECT_EQ(counted.row.frequency, 1);
  EXPECT_EQ(counted.row.revenue_minor, 100);
}

TEST(OrderCountingTest, AverageDividesExactlyAndRoundsOnlyForDisplay) {
  EXPECT_EQ(MonetaryValue(MonetaryBasis::kAverage, {1, 3, 1000}),
            MonetaryValue(MonetaryBasis::kAverage, {1, 6, 2000}));
  EXPECT_EQ(MonetaryMinor(MonetaryBasis::kAverage, {1, 3, 1000}), 333);
  EXPECT_EQ(MonetaryMinor(MonetaryBasis::kAverage, {1, 3, 1001}), 334);
  EXPECT_EQ(MonetaryMinor(MonetaryBasis::kAverage, {1, 2, 5}), 3);
  EXPECT_EQ(MonetaryMinor(MonetaryBasis::kAverage, {1, 2, -5}), -3);
  EXPECT_EQ(MonetaryMinor(MonetaryBasis::kGross, {1, 2, 5}), 5);
}

TEST(OrderCountingTest, CountsUpToButNotIncludingMidnightOfAsOfInTheZone) {
  RfmModelSpec spec;
  spec.zone = absl::FixedTimeZone(8 * 3600);
  const absl::Time midnight = At(2011, 12, 9, 16);  // 00:00 on 10 December at UTC+8
  EXPECT_EQ(Count(spec, {Order(midnight, 1)}).exclusion, Exclusion::kAfterAsOf);
  const CountedCustomer before = Count(spec, {Order(midnight - absl::Microseconds(1), 1)});
  EXPECT_EQ(before.exclusion, Exclusion::kNone);
  EXPECT_EQ(before.row.recency_days, 1);
}

TEST(OrderCountingTest, StartsTheDayAfterAMidnightThatTheClockSkips) {
  RfmModelSpec spec;
  if (!absl::LoadTimeZone("America/Sao_Paulo", &spec.zone)) {
    GTEST_SKIP() << "no IANA time zone database (Debian package tzdata)";
  }
  // 2011-10-16 began at 01:00 summer time = 03:00 UTC.
  const OrderCounter counter(spec, absl::CivilDay(2011, 10, 16));
  const absl::Time start = At(2011, 10, 16, 3);
  EXPECT_EQ(counter.Count({Order(start, 1)}).exclusion, Exclusion::kAfterAsOf);
  EXPECT_EQ(counter.Count({Order(start - absl::Seconds(1), 1)}).row.recency_days, 1);
}

TEST(OrderCountingTest, CountsCivilDaysWhereTheyHave23And25Hours) {
  RfmModelSpec spec;
  if (!absl::LoadTimeZone("America/New_York", &spec.zone)) {
    GTEST_SKIP() << "no IANA time zone database (Debian package tzdata)";
  }
  spec.window_days = 1;
  struct Case {
    absl::CivilDay as_of;
    absl::Time start;  // of the window: 00:00 of the day before
    absl::Time end;
  };
  const std::vector<Case> cases = {
      {absl::CivilDay(2011, 3, 14), At(2011, 3, 13, 5), At(2011, 3, 14, 4)},   // 23 hours
      {absl::CivilDay(2011, 11, 7), At(2011, 11, 6, 4), At(2011, 11, 7, 5)}};  // 25 hours
  const absl::Duration tick = absl::Microseconds(1);
  for (const Case& c : cases) {
    const OrderCounter counter(spec, c.as_of);
    const auto judge = [&](absl::Time time) { return counter.Count({Order(time, 1)}); };
    EXPECT_EQ(judge(c.start - tick).exclusion, Exclusion::kOutOfWindow) << c.as_of;
    EXPECT_EQ(judge(c.start - tick).row.recency_days, 2) << c.as_of;
    EXPECT_EQ(judge(c.start).row.recency_days, 1) << c.as_of;
    EXPECT_EQ(judge(c.end - tick).row.recency_days, 1) << c.as_of;
    EXPECT_EQ(judge(c.end).exclusion, Exclusion::kAfterAsOf) << c.as_of;
  }
}

TEST(OrderCountingTest, ADayWhoseMidnightComesTwiceBeginsAtTheFirst) {
  RfmModelSpec spec;
  if (!absl::LoadTimeZone("America/Havana", &spec.zone)) {
    GTEST_SKIP() << "no IANA time zone database (Debian package tzdata)";
  }
  // On 2011-11-13 at 01:00 the clock went back to 00:00: midnight at 04:00 and at 05:00 UTC.
  const absl::Time first = At(2011, 11, 13, 4);
  const OrderCounter counter(spec, absl::CivilDay(2011, 11, 13));
  EXPECT_EQ(counter.Count({Order(first - absl::Seconds(1), 1)}).row.recency_days, 1);
  EXPECT_EQ(counter.Count({Order(first, 1)}).exclusion, Exclusion::kAfterAsOf);
  const OrderCounter next(spec, absl::CivilDay(2011, 11, 14));
  for (const absl::Duration after : {absl::Minutes(30), absl::Minutes(90)}) {
    EXPECT_EQ(next.Count({Order(first + after, 1)}).row.recency_days, 1) << after;
  }
}

TEST(OrderCountingTest, TellsWhetherAnyOrderOccurredBeforeAsOf) {
  RfmModelSpec spec;
  spec.source_system = "till";  // the orders are of another
  EXPECT_FALSE(Count(spec, {}).ordered_before_as_of);
  EXPECT_FALSE(Count(spec, {Order(At(2011, 12, 10, 0), 1)}).ordered_before_as_of);
  EXPECT_TRUE(Count(spec, {Order(At(2011, 12, 9), 1)}).ordered_before_as_of);
}

TEST(OrderCountingTest, WindowIsHalfOpenInCivilDays) {
  RfmModelSpec spec;
  spec.window_days = 30;
  const absl::Time start = At(2011, 11, 10, 0);
  EXPECT_EQ(Count(spec, {Order(start, 1)}).row.recency_days, 30);
  const CountedCustomer older = Count(spec, {Order(start - absl::Microseconds(1), 1)});
  EXPECT_EQ(older.exclusion, Exclusion::kOutOfWindow);
  EXPECT_EQ(older.first_order_time, start - absl::Microseconds(1));
  EXPECT_EQ(older.row.recency_days, 31);
  EXPECT_EQ(older.row.frequency, 0);
}

TEST(OrderCountingTest, HistoryReachesBeforeTheWindow) {
  RfmModelSpec spec;
  spec.window_days = 30;
  const CountedCustomer counted =
      Count(spec, {Order(At(2011, 12, 1), 7), Order(At(2010, 1, 1), 9)});
  EXPECT_EQ(counted.row.frequency, 1);
  EXPECT_EQ(counted.row.revenue_minor, 7);
  EXPECT_EQ(counted.first_order_time, At(2010, 1, 1));
}

TEST(OrderCountingTest, MergesOrdersOfOneCivilDayWhenAsked) {
  RfmModelSpec spec;
  spec.merge_same_day = true;
  const std::vector<LoggedOrder> orders = {
      Order(At(2011, 12, 1, 9), 5), Order(At(2011, 12, 2, 9), 5), Order(At(2011, 12, 1, 20), 5)};
  EXPECT_EQ(Count(spec, orders).row.frequency, 2);
  EXPECT_EQ(Count(spec, orders).row.revenue_minor, 15);
  const std::vector<LoggedOrder> evening = {orders[0], orders[2]};
  EXPECT_EQ(Count(spec, evening).row.frequency, 1);
  spec.zone = absl::FixedTimeZone(5 * 3600);  // there 20:00 UTC is the next day
  EXPECT_EQ(Count(spec, evening).row.frequency, 2);
}

TEST(OrderCountingTest, NamesTheReasonOfTheOrderThatCameFurthest) {
  RfmModelSpec spec = SpecWith(MonetaryBasis::kNet);
  spec.source_system = "shop";
  spec.window_days = 10;
  LoggedOrder wrong_source = Order(At(2011, 12, 1), 1);
  wrong_source.source_system = "till";
  LoggedOrder wrong_currency = Order(At(2011, 12, 1), 1);
  wrong_currency.currency_code = "EUR";
  const LoggedOrder after = Order(At(2012, 1, 1), 1);
  const LoggedOrder refunded = Order(At(2011, 12, 5), 1, 0);
  const LoggedOrder old = Order(At(2011, 1, 1), 1);
  std::vector<LoggedOrder> orders;
  EXPECT_EQ(Count(spec, orders).exclusion, Exclusion::kNoPurchase);
  const std::vector<std::pair<LoggedOrder, Exclusion>> steps = {
      {wrong_source, Exclusion::kWrongSource}, {wrong_currency, Exclusion::kWrongCurrency},
      {after, Exclusion::kAfterAsOf},          {refunded, Exclusion::kNoNetValue},
      {old, Exclusion::kOutOfWindow},          {Order(At(2011, 12, 5), 1), Exclusion::kNone}};
  for (const auto& [order, reason] : steps) {
    orders.insert(orders.begin(), order);
    EXPECT_EQ(Count(spec, orders).exclusion, reason) << ExclusionName(reason);
  }
  EXPECT_EQ(Count(spec, orders).row.frequency, 1);
}

TEST(OrderCountingTest, StopsAtTheLimitInsteadOfWrapping) {
  const int64_t big = std::numeric_limits<int64_t>::max() - 1;
  const std::vector<LoggedOrder> orders = {Order(At(2011, 12, 1), big),
                                           Order(At(2011, 12, 2), big)};
  EXPECT_EQ(Count(RfmModelSpec(), orders).row.revenue_minor, std::numeric_limits<int64_t>::max());
  EXPECT_EQ(AddClamped(std::numeric_limits<int64_t>::min(), -1),
            std::numeric_limits<int64_t>::min());
}

TEST(OrderCountingTest, OrderOfArrivalDoesNotMatter) {
  std::mt19937 random(20111210);
  const auto pick = [&random](int low, int high) {
    return std::uniform_int_distribution<int>(low, high)(random);
  };
  for (int round = 0; round < 300; ++round) {
    RfmModelSpec spec = SpecWith(static_cast<MonetaryBasis>(pick(0, 2)));
    spec.merge_same_day = pick(0, 1) == 1;
    if (pick(0, 1) == 1) {
      spec.window_days = pick(1, 400);
    }
    std::vector<LoggedOrder> orders;
    for (int i = pick(0, 12); i > 0; --i) {
      orders.push_back(Order(At(2011, 12, 10) - absl::Hours(pick(-50, 9000)), pick(0, 500)));
      orders.back().net_minor = pick(0, 1) * orders.back().gross_minor;
      orders.back().currency_code = pick(0, 5) == 0 ? "EUR" : "USD";
    }
    const CountedCustomer first = Count(spec, orders);
    std::shuffle(orders.begin(), orders.end(), random);
    const CountedCustomer second = Count(spec, orders);
    EXPECT_EQ(first.exclusion, second.exclusion);
    EXPECT_EQ(first.row.recency_days, second.row.recency_days);
    EXPECT_EQ(first.row.frequency, second.row.frequency);
    EXPECT_EQ(first.row.revenue_minor, second.row.revenue_minor);
    EXPECT_EQ(first.first_order_time, second.first_order_time);
  }
}

TEST(OrderCountingTest, PopulationKeepsRowsAndCountsTheReasonsOfTheRest) {
  Population population;
  EXPECT_TRUE(population.Add(Count(RfmModelSpec(), {Order(At(2011, 12, 1), 7)})));
  EXPECT_FALSE(population.Add(Count(RfmModelSpec(), {})));
  EXPECT_FALSE(population.Add(Count(RfmModelSpec(), {Order(At(2012, 12, 1), 7)})));
  EXPECT_EQ(population.columns.size(), 1u);
  EXPECT_EQ(population.columns.At(0).revenue_minor, 7);
  EXPECT_EQ(population.Excluded(Exclusion::kNone), 1);
  EXPECT_EQ(population.Excluded(Exclusion::kNoPurchase), 1);
  EXPECT_EQ(population.Excluded(Exclusion::kAfterAsOf), 1);
  EXPECT_EQ(population.first_order_time, At(2011, 12, 1));
}

}  // namespace
}  // namespace clientele::segmentation
