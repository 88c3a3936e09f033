#include "services/segmentation/domain/sales_report.h"

#include <limits>
#include <string>

#include "absl/strings/str_cat.h"
#include "common/status/error.h"
#include "common/time/civil.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace clientele::segmentation {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

absl::Time At(int year, int month, int day, int hour = 12) {
  return absl::FromCivil(absl::CivilHour(year, month, day, hour), absl::UTCTimeZone());
}

// "3 orders 2 net 1 buyers: 10 = 1 + 2 + 7": gross, refunded, cancelled, net.
std::string Text(const SalesTotal& total) {
  return absl::StrCat(total.orders, " orders ", total.net_orders, " net ", total.buyers,
                      " buyers: ", total.gross_minor, " = ", total.refunded_minor, " + ",
                      total.cancelled_minor, " + ", total.net_minor);
}

std::vector<std::string> Texts(const SalesCounter& counter) {
  std::vector<std::string> texts;
  for (const SalesRow& row : counter.Rows()) {
    texts.push_back(absl::StrCat(FormatDate(row.start), row.dimension_value.empty() ? "" : " ",
                                 row.dimension_value, ": ", Text(row.total)));
  }
  return texts;
}

SalesCounting By(SalesPeriod period) { return {period, absl::UTCTimeZone(), 100}; }

TEST(SalesReportTest, PeriodsBeginAndEndOnCalendarDays) {
  const absl::CivilDay day(2012, 2, 29);
  EXPECT_EQ(PeriodStart(SalesPeriod::kYear, day), absl::CivilDay(2012, 1, 1));
  EXPECT_EQ(PeriodEnd(SalesPeriod::kYear, absl::CivilDay(2012, 1, 1)), absl::CivilDay(2013, 1, 1));
  EXPECT_EQ(PeriodStart(SalesPeriod::kMonth, day), absl::CivilDay(2012, 2, 1));
  EXPECT_EQ(PeriodEnd(SalesPeriod::kMonth, absl::CivilDay(2012, 12, 1)),
            absl::CivilDay(2013, 1, 1));
  EXPECT_EQ(PeriodStart(SalesPeriod::kDay, day), day);
  EXPECT_EQ(PeriodEnd(SalesPeriod::kDay, day), absl::CivilDay(2012, 3, 1));
}

TEST(SalesReportTest, CountsABuyerOncePerRowAndOnceInTotal) {
  SalesCounter counter(By(SalesPeriod::kMonth));
  for (const SoldOrder& order : std::vector<SoldOrder>{
           {.customer_id = "a", .occur_time = At(2011, 2, 1), .gross_minor = 100},
           {.customer_id = "a", .occur_time = At(2011, 1, 31), .gross_minor = 200},
           {.customer_id = "a", .occur_time = At(2011, 2, 28), .gross_minor = 300},
           {.customer_id = "b", .occur_time = At(2011, 2, 2), .gross_minor = 400}}) {
    ASSERT_EQ(counter.Add(order), absl::OkStatus());
  }
  EXPECT_THAT(Texts(counter),
              ElementsAre("2011-01-01: 1 orders 1 net 1 buyers: 200 = 0 + 0 + 200",
                          "2011-02-01: 3 orders 3 net 2 buyers: 800 = 0 + 0 + 800"));
  EXPECT_EQ(Text(counter.total()), "4 orders 4 net 2 buyers: 1000 = 0 + 0 + 1000");
}

TEST(SalesReportTest, WhatCameBackStandsBesideTheGrossOfItsOrder) {
  SalesCounter counter(By(SalesPeriod::kYear));
  for (const SoldOrder& order : std::vector<SoldOrder>{{"a", At(2011, 1, 1), 100, 30, false, ""},
                                                       {"a", At(2011, 1, 1), 100, 100, false, ""},
                                                       {"b", At(2011, 1, 1), 100, 0, true, ""},
                                                       {"b", At(2011, 1, 1), 100, 20, true, ""},
                                                       {"c", At(2011, 1, 1), 0, 0, false, ""}}) {
    ASSERT_EQ(counter.Add(order), absl::OkStatus());
  }
  EXPECT_EQ(Text(counter.total()), "5 orders 1 net 3 buyers: 400 = 150 + 180 + 70");
}

TEST(SalesReportTest, PartsAPeriodByValueAndADayByItsZone) {
  SalesCounting counting = By(SalesPeriod::kDay);
  counting.zone = LoadTimeZone("America/New_York").value();
  SalesCounter counter(counting);
  for (const SoldOrder& order :
       std::vector<SoldOrder>{{"a", At(2011, 1, 2, 4), 1, 0, false, "web"},  // 23:00 the day before
                              {"a", At(2011, 1, 2, 5), 2, 0, false, "web"},
                              {"a", At(2011, 1, 2, 5), 4, 0, false, ""},
                              {"a", At(2011, 1, 2, 5), 8, 0, false, "shop"}}) {
    ASSERT_EQ(counter.Add(order), absl::OkStatus());
  }
  EXPECT_THAT(Texts(counter),
              ElementsAre("2011-01-01 web: 1 orders 1 net 1 buyers: 1 = 0 + 0 + 1",
                          "2011-01-02: 1 orders 1 net 1 buyers: 4 = 0 + 0 + 4",
                          "2011-01-02 shop: 1 orders 1 net 1 buyers: 8 = 0 + 0 + 8",
                          "2011-01-02 web: 1 orders 1 net 1 buyers: 2 = 0 + 0 + 2"));
  EXPECT_EQ(counter.total().buyers, 1);
}

TEST(SalesReportTest, RefusesMoreRowsThanItMayHold) {
  SalesCounting counting = By(SalesPeriod::kDay);
  counting.rows_max = 2;
  SalesCounter counter(counting);
  EXPECT_THAT(Texts(counter), IsEmpty());
  for (const int day : {1, 2, 1}) {
    EXPECT_EQ(counter.Add({.customer_id = "a", .occur_time = At(2011, 1, day)}), absl::OkStatus());
  }
  const absl::Status status = counter.Add({.customer_id = "a", .occur_time = At(2011, 1, 3)});
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(GetErrorReason(status), "REPORT_TOO_LARGE");
  EXPECT_EQ(GetErrorDetails(status)->metadata.at("rows_max"), "2");
}

TEST(SalesReportTest, SumsStopAtTheLargestAmount) {
  constexpr int64_t kMax = std::numeric_limits<int64_t>::max();
  SalesCounter counter(By(SalesPeriod::kYear));
  for (const char* customer_id : {"a", "b"}) {
    EXPECT_EQ(counter.Add({customer_id, At(2011, 1, 1), kMax, 0, false, ""}), absl::OkStatus());
  }
  EXPECT_EQ(counter.total().gross_minor, kMax);
  EXPECT_EQ(counter.total().net_minor, kMax);
}

}  // namespace
}  // namespace clientele::segmentation
