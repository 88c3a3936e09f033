// AnalyticsService.ReportSales.

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/status/error.h"
#include "gmock/gmock.h"
#include "google/protobuf/util/time_util.h"
#include "gtest/gtest.h"
#include "services/segmentation/api/handlers/analytics.h"
#include "services/segmentation/limits.h"
#include "services/segmentation/testing/api_fixture.h"

namespace clientele::segmentation {
namespace {

using google::protobuf::util::TimeUtil;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

v1::ReportSalesRequest By(v1::SalesPeriod period,
                          v1::SalesDimension dimension = v1::SALES_DIMENSION_UNSPECIFIED) {
  v1::ReportSalesRequest request;
  request.set_period(period);
  request.set_dimension(dimension);
  return request;
}

std::string Amounts(const v1::SalesRow& row) {
  return absl::StrCat(row.order_count(), " orders ", row.net_order_count(), " net ",
                      row.buyer_count(), " buyers ", row.gross_minor(), " = ", row.refunded_minor(),
                      " + ", row.cancelled_minor(), " + ", row.net_minor());
}

// "2011-02-01 web: …" per row.
std::vector<std::string> Rows(const v1::ReportSalesResponse& report) {
  std::vector<std::string> rows;
  for (const v1::SalesRow& row : report.rows()) {
    rows.push_back(absl::StrCat(row.start_date(), row.dimension_value().empty() ? "" : " ",
                                row.dimension_value(), ": ", Amounts(row)));
  }
  return rows;
}

class SalesTest : public ::testing::Test {
 protected:
  absl::StatusOr<v1::ReportSalesResponse> Report(const v1::ReportSalesRequest& request) {
    rpc::CallContext call = fixture_.Call();
    return Analytics(fixture_.api()).Sales(call, request);
  }

  // Two orders of c-1 in January, one with a refund in February; c-2 in January and February, the
  // latter cancelled in March.
  void DeliverYear() {
    const TestPurchase refunded{"c-1", 1, NoonOf(10), 1000};
    const TestPurchase cancelled{.customer_id = "c-2",
                                 .number = 4,
                                 .occur_time = NoonOf(40),
                                 .gross_minor = 400,
                                 .channel = "shop",
                                 .region = "North"};
    fixture_.Deliver({PurchaseRecorded(refunded), PurchaseRecorded({"c-1", 2, NoonOf(20), 500}),
                      PurchaseRecorded({.customer_id = "c-2",
                                        .number = 3,
                                        .occur_time = NoonOf(20),
                                        .gross_minor = 70,
                                        .channel = "",
                                        .region = "South"}),
                      PurchaseRecorded(cancelled),
                      PurchaseRefunded(refunded, 1, 300, 0, NoonOf(50)),
                      PurchaseCancelled(cancelled, NoonOf(60))});
  }

  ApiFixture fixture_;
};

TEST_F(SalesTest, CountsWhatCameBackInThePeriodOfItsOrder) {
  DeliverYear();
  const auto report = Report(By(v1::SALES_PERIOD_MONTH));
  ASSERT_TRUE(report.ok()) << report.status();
  EXPECT_THAT(Rows(*report),
              ElementsAre("2011-01-01: 3 orders 3 net 2 buyers 1570 = 300 + 0 + 1270",
                          "2011-02-01: 1 orders 0 net 1 buyers 400 = 0 + 400 + 0"));
  EXPECT_EQ(report->rows(0).end_date(), "2011-02-01");
  EXPECT_EQ(Amounts(report->total()), "4 orders 3 net 2 buyers 1970 = 300 + 400 + 1270");
  EXPECT_EQ(report->total().start_date(), "");
  EXPECT_EQ(report->currency_code(), "GBP");
  EXPECT_EQ(report->time_zone(), "UTC");
  EXPECT_EQ(TimeUtil::ToString(report->as_of_time()), "2011-12-10T00:00:00Z");
}

TEST_F(SalesTest, PartsPeriodsByChannelOrRegion) {
  DeliverYear();
  EXPECT_THAT(Rows(*Report(By(v1::SALES_PERIOD_YEAR, v1::SALES_DIMENSION_CHANNEL))),
              ElementsAre("2011-01-01: 1 orders 1 net 1 buyers 70 = 0 + 0 + 70",
                          "2011-01-01 shop: 1 orders 0 net 1 buyers 400 = 0 + 400 + 0",
                          "2011-01-01 web: 2 orders 2 net 1 buyers 1500 = 300 + 0 + 1200"));
  const auto by_region = Report(By(v1::SALES_PERIOD_YEAR, v1::SALES_DIMENSION_REGION));
  EXPECT_THAT(Rows(*by_region),
              ElementsAre("2011-01-01: 2 orders 2 net 1 buyers 1500 = 300 + 0 + 1200",
                          "2011-01-01 North: 1 orders 0 net 1 buyers 400 = 0 + 400 + 0",
                          "2011-01-01 South: 1 orders 1 net 1 buyers 70 = 0 + 0 + 70"));
  EXPECT_EQ(by_region->total().buyer_count(), 2) << "c-2 has two rows";
}

TEST_F(SalesTest, KnowsWhatWasKnownByThen) {
  DeliverYear();
  v1::ReportSalesRequest request = By(v1::SALES_PERIOD_YEAR);
  const auto total_at = [&](int day) {
    *request.mutable_as_of_time() = TimeUtil::SecondsToTimestamp(absl::ToUnixSeconds(NoonOf(day)));
    return Amounts(Report(request)->total());
  };
  EXPECT_EQ(total_at(40), "3 orders 3 net 2 buyers 1570 = 0 + 0 + 1570");
  EXPECT_EQ(total_at(50), "4 orders 4 net 2 buyers 1970 = 0 + 0 + 1970");
  EXPECT_EQ(total_at(60), "4 orders 4 net 2 buyers 1970 = 300 + 0 + 1670");
  EXPECT_EQ(total_at(61), "4 orders 3 net 2 buyers 1970 = 300 + 400 + 1270");
}

TEST_F(SalesTest, CountsHalfOpenCivilDaysOfTheZone) {
  const absl::Time midnight = NoonOf(10) + absl::Hours(12);
  fixture_.Deliver({PurchaseRecorded({"c-1", 1, midnight - absl::Microseconds(1), 1}),
                    PurchaseRecorded({"c-1", 2, midnight, 2}),
                    PurchaseRecorded({"c-1", 3, midnight + absl::Hours(24), 4})});
  v1::ReportSalesRequest request = By(v1::SALES_PERIOD_DAY);
  request.set_from_date("2011-01-11");
  request.set_to_date("2011-01-12");
  EXPECT_THAT(Rows(*Report(request)),
              ElementsAre("2011-01-11: 1 orders 1 net 1 buyers 2 = 0 + 0 + 2"));
  request.set_time_zone("Asia/Shanghai");  // eight hours earlier
  const auto report = Report(request);
  EXPECT_THAT(Rows(*report), ElementsAre("2011-01-11: 2 orders 2 net 1 buyers 3 = 0 + 0 + 3"));
  EXPECT_EQ(report->time_zone(), "Asia/Shanghai");
  request.clear_from_date();
  request.clear_to_date();
  EXPECT_THAT(Rows(*Report(request)),
              ElementsAre("2011-01-11: 2 orders 2 net 1 buyers 3 = 0 + 0 + 3",
                          "2011-01-12: 1 orders 1 net 1 buyers 4 = 0 + 0 + 4"));
}

TEST_F(SalesTest, SumsOneCurrencyAndASourceWhenAsked) {
  EXPECT_EQ(Report(By(v1::SALES_PERIOD_YEAR))->currency_code(), "");
  EXPECT_THAT(Report(By(v1::SALES_PERIOD_YEAR))->rows(), IsEmpty());
  fixture_.Deliver({PurchaseRecorded({"c-1", 1, NoonOf(10), 1}),
                    PurchaseRecorded({"c-1", 2, NoonOf(10), 2, "USD"}),
                    PurchaseRecorded({"c-1", 3, NoonOf(10), 4, "USD", "till"})});
  const absl::Status several = Report(By(v1::SALES_PERIOD_YEAR)).status();
  EXPECT_EQ(several.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(GetErrorReason(several), "CURRENCY_REQUIRED");
  EXPECT_EQ(GetErrorDetails(several)->metadata.at("currencies"), "GBP, USD");
  v1::ReportSalesRequest request = By(v1::SALES_PERIOD_YEAR);
  request.set_currency_code("USD");
  EXPECT_EQ(Report(request)->total().gross_minor(), 6);
  request.set_source_system("shop");
  EXPECT_EQ(Report(request)->total().gross_minor(), 2);
  request.clear_currency_code();
  request.set_source_system("till");
  EXPECT_EQ(Report(request)->currency_code(), "USD") << "the only one of that source";
}

TEST_F(SalesTest, StillCountsOrdersOfDeletedCustomers) {
  fixture_.Deliver({CustomerCreated("c-1", NoonOf(1)), PurchaseRecorded({"c-1", 1, NoonOf(10), 5}),
                    CustomerDeleted("c-1", NoonOf(11))});
  EXPECT_EQ(Report(By(v1::SALES_PERIOD_YEAR))->total().gross_minor(), 5);
}

TEST_F(SalesTest, RefusesMoreRowsThanAnAnswerHolds) {
  std::vector<common::v1::Event> events;
  for (size_t i = 0; i <= kSalesRowsMax; ++i) {
    events.push_back(PurchaseRecorded({.customer_id = "c-1",
                                       .number = static_cast<int>(i) + 1,
                                       .occur_time = NoonOf(10),
                                       .gross_minor = 1,
                                       .region = absl::StrCat("r-", i)}));
  }
  fixture_.Deliver(std::move(events));
  const absl::Status status = Report(By(v1::SALES_PERIOD_DAY, v1::SALES_DIMENSION_REGION)).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(GetErrorReason(status), "REPORT_TOO_LARGE");
  EXPECT_EQ(Report(By(v1::SALES_PERIOD_DAY))->total().order_count(),
            static_cast<int64_t>(kSalesRowsMax) + 1);
}

TEST_F(SalesTest, ListsEveryViolation) {
  v1::ReportSalesRequest request;
  EXPECT_THAT(ViolatedFields(Report(request).status()), ElementsAre("period"));
  request.set_period(static_cast<v1::SalesPeriod>(9));
  request.set_dimension(static_cast<v1::SalesDimension>(9));
  request.mutable_as_of_time()->set_nanos(-1);
  request.set_time_zone("Nowhere");
  request.set_from_date("2011-02-30");
  request.set_to_date("1899-12-31");
  request.set_currency_code("gbp");
  request.set_source_system("Shop");
  EXPECT_THAT(ViolatedFields(Report(request).status()),
              ElementsAre("period", "dimension", "as_of_time", "time_zone", "from_date", "to_date",
                          "currency_code", "source_system"));
  request = v1::ReportSalesRequest();
  request.set_from_date("2011-02-01");
  request.set_to_date("2011-02-01");
  EXPECT_THAT(ViolatedFields(Report(request).status()), ElementsAre("period", "to_date"));
}

}  // namespace
}  // namespace clientele::segmentation
