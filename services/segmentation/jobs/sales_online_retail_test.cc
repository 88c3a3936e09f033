// Online Retail through feed events and order log: every sales report adds up to its published sum.

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "services/segmentation/api/handlers/analytics.h"
#include "services/segmentation/testing/api_fixture.h"
#include "services/segmentation/testing/real_data.h"

namespace clientele::segmentation {
namespace {

constexpr int64_t kGrossMinor = 891'140'790;
constexpr int64_t kGrossToleranceMinor = 100;  // how lines round
constexpr int kRegions = 5;

class SalesOnlineRetailTest : public ::testing::Test {
 protected:
  void SetUp() override {
    const std::optional<std::string> folder = RealDataFolder();
    if (!folder.has_value()) {
      GTEST_SKIP() << "no real data: set CLIENTELE_TEST_DATA or put it in shared/data";
    }
    std::vector<common::v1::Event> events;
    int number = 0;
    for (const auto& [customer, orders] : ReadOnlineRetail(*folder)) {
      const std::string customer_id = absl::StrCat("c-", customer.substr(0, customer.find('.')));
      events.push_back(CustomerCreated(customer_id, orders.front().occur_time));
      for (const TestOrder& order : orders) {
        ++number;
        events.push_back(PurchaseRecorded({.customer_id = customer_id,
                                           .number = number,
                                           .occur_time = order.occur_time,
                                           .gross_minor = order.gross_minor,
                                           .channel = number % 2 == 0 ? "web" : "",
                                           .region = absl::StrCat("r-", number % kRegions)}));
      }
    }
    fixture_.Deliver(std::move(events));
  }

  v1::ReportSalesResponse Report(v1::SalesPeriod period, v1::SalesDimension dimension) {
    v1::ReportSalesRequest request;
    request.set_period(period);
    request.set_dimension(dimension);
    rpc::CallContext call = fixture_.Call();
    auto report = Analytics(fixture_.api()).Sales(call, request);
    EXPECT_TRUE(report.ok()) << report.status();
    return report.ok() ? *std::move(report) : v1::ReportSalesResponse();
  }

  ApiFixture fixture_;
};

TEST_F(SalesOnlineRetailTest, EveryPeriodAndDimensionAddsUpToThePublishedSum) {
  for (const v1::SalesDimension dimension :
       {v1::SALES_DIMENSION_UNSPECIFIED, v1::SALES_DIMENSION_CHANNEL, v1::SALES_DIMENSION_REGION}) {
    const int values = dimension == v1::SALES_DIMENSION_UNSPECIFIED ? 1
                       : dimension == v1::SALES_DIMENSION_CHANNEL   ? 2
                                                                    : kRegions;
    for (const auto& [period, periods] : std::vector<std::pair<v1::SalesPeriod, int>>{
             {v1::SALES_PERIOD_YEAR, 2}, {v1::SALES_PERIOD_MONTH, 13}, {v1::SALES_PERIOD_DAY, 0}}) {
      const v1::ReportSalesResponse report = Report(period, dimension);
      SCOPED_TRACE(absl::StrCat(period, " ", dimension));
      if (periods > 0) {
        EXPECT_EQ(report.rows_size(), periods * values);
      }
      int64_t gross_minor = 0;
      int64_t orders = 0;
      for (const v1::SalesRow& row : report.rows()) {
        gross_minor += row.gross_minor();
        orders += row.order_count();
      }
      EXPECT_NEAR(gross_minor, kGrossMinor, kGrossToleranceMinor);
      EXPECT_EQ(gross_minor, report.total().gross_minor());
      EXPECT_EQ(report.total().net_minor(), gross_minor);
      EXPECT_EQ(orders, 18'532);
      EXPECT_EQ(report.total().order_count(), 18'532);
      EXPECT_EQ(report.total().buyer_count(), 4'338);
    }
  }
}

}  // namespace
}  // namespace clientele::segmentation
