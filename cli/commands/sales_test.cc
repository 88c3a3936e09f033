#include "cli/commands/sales.h"

#include <string>
#include <vector>

#include "cli/testing/command_run.h"
#include "cli/testing/fake_server.h"
#include "clientele/segmentation/v1/analytics_service.grpc.pb.h"
#include "gmock/gmock.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"

namespace clientele::cli {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

namespace pb = clientele::segmentation::v1;

constexpr char kReport[] = R"(
    rows { start_date: "2011-11-01" end_date: "2011-12-01" dimension_value: "web" order_count: 2000
           buyer_count: 1500 gross_minor: 120000 refunded_minor: 15000 cancelled_minor: 5000
           net_minor: 100000 }
    rows { start_date: "2011-12-01" end_date: "2012-01-01" order_count: 1 buyer_count: 1
           gross_minor: 50000 net_minor: 50000 }
    total { order_count: 2001 buyer_count: 1500 gross_minor: 170000 refunded_minor: 15000
            cancelled_minor: 5000 net_minor: 150000 }
    currency_code: "GBP")";

class FakeAnalytics final : public pb::AnalyticsService::Service {
 public:
  grpc::Status ReportSales(grpc::ServerContext*, const pb::ReportSalesRequest* request,
                           pb::ReportSalesResponse* response) override {
    asked = *request;
    google::protobuf::TextFormat::ParseFromString(kReport, response);
    return grpc::Status::OK;
  }
  pb::ReportSalesRequest asked;
};

class SalesTest : public testing::Test {
 protected:
  CommandResult Report(const std::vector<std::string>& more) {
    std::vector<std::string> arguments = {"sales", "report"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return RunClientele({{kSegmentation, segmentation_.address()}}, arguments);
  }

  FakeAnalytics analytics_;
  FakeServer segmentation_{{&analytics_}};
};

TEST_F(SalesTest, ShowsATableByMonthWithBars) {
  const CommandResult result = Report({});
  EXPECT_EQ(result.exit_code, kExitOk) << result.err;
  EXPECT_EQ(analytics_.asked.period(), pb::SALES_PERIOD_MONTH);
  EXPECT_THAT(
      result.out,
      AllOf(HasSubstr("month    orders  buyers  gross GBP  refunded  cancelled       net\n"),
            HasSubstr("2011-11   2,000   1,500   1,200.00    150.00      50.00  1,000.00  "
                      "████████████████████████\n"),
            HasSubstr("2011-12       1       1     500.00      0.00       0.00    500.00  "
                      "████████████\n"),
            HasSubstr("total     2,001   1,500   1,700.00    150.00      50.00  1,500.00\n")));
}

TEST_F(SalesTest, NamesTheDimension) {
  const std::string text = Report({"--by", "day", "--dimension", "channel"}).out;
  EXPECT_THAT(text, AllOf(HasSubstr("day         channel"), HasSubstr("2011-11-01  web"),
                          HasSubstr("2011-12-01  (none)")));
  EXPECT_EQ(analytics_.asked.dimension(), pb::SALES_DIMENSION_CHANNEL);
  EXPECT_THAT(Report({"--by", "year"}).out, AllOf(HasSubstr("2011  "), Not(HasSubstr("2011-"))));
}

TEST_F(SalesTest, SendsEveryOptionAndPrintsTheResponseAsJson) {
  const CommandResult result =
      Report({"--by", "year", "--dimension", "region", "--as-of", "2012-01-01", "--from",
              "2011-01-01", "--to", "2012-01-01", "--time-zone", "Europe/London", "--currency",
              "GBP", "--source", "shop", "--json"});
  EXPECT_EQ(result.exit_code, kExitOk) << result.err;
  EXPECT_EQ(analytics_.asked.ShortDebugString(),
            "period: SALES_PERIOD_YEAR dimension: SALES_DIMENSION_REGION "
            "as_of_time { seconds: 1325376000 } from_date: \"2011-01-01\" to_date: \"2012-01-01\" "
            "time_zone: \"Europe/London\" currency_code: \"GBP\" source_system: \"shop\"");
  EXPECT_EQ(result.Json()["total"]["net_minor"], 150000);
  EXPECT_EQ(result.Json()["rows"][1]["refunded_minor"], 0);
}

TEST_F(SalesTest, RefusesWhatItDoesNotKnow) {
  EXPECT_EQ(Report({"--by", "week"}).exit_code, kExitUsage);
  EXPECT_EQ(Report({"--dimension", "store"}).exit_code, kExitUsage);
  EXPECT_EQ(Report({"--currency", "gbp"}).exit_code, kExitUsage);
  EXPECT_EQ(Report({"--as-of", "yesterday"}).exit_code, kExitUsage);
}

}  // namespace
}  // namespace clientele::cli
