#include "cli/commands/rfm_compare.h"

#include <string>
#include <vector>

#include "cli/testing/command_run.h"
#include "cli/testing/fake_server.h"
#include "clientele/segmentation/v1/rfm_service.grpc.pb.h"
#include "gmock/gmock.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"

namespace clientele::cli {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

namespace pb = clientele::segmentation::v1;

constexpr char kComparison[] = R"(
    from_run { run_id: "r-1" as_of_date: "2011-09-11" spec { currency_code: "GBP" } }
    to_run { run_id: "r-2" as_of_date: "2011-12-10" spec { currency_code: "GBP" } }
    segments { segment: "CHAMPIONS" name_en: "Champions" name_zh: "冠军" from_customer_count: 1200
               to_customer_count: 1300 from_revenue_minor: 100 to_revenue_minor: 123456 }
    segments { segment: "LOST" name_en: "Lost" name_zh: "流失" from_customer_count: 9
               to_customer_count: 5 }
    segments { from_customer_count: 2 to_customer_count: 2 }
    movements { kind: RFM_MOVEMENT_KIND_STAYED from_segment: "CHAMPIONS" to_segment: "CHAMPIONS"
                customer_count: 1100 }
    movements { kind: RFM_MOVEMENT_KIND_MOVED from_segment: "LOST" to_segment: "CHAMPIONS"
                customer_count: 40 }
    movements { kind: RFM_MOVEMENT_KIND_GONE from_segment: "CHAMPIONS" customer_count: 2 }
    movements { kind: RFM_MOVEMENT_KIND_NEW to_segment: "LOST" customer_count: 30 }
    movements { kind: RFM_MOVEMENT_KIND_MOVED from_segment: "LOST" customer_count: 1 }
    largest_movements { kind: RFM_MOVEMENT_KIND_MOVED from_segment: "LOST" to_segment: "CHAMPIONS"
                        customer_count: 40 }
    largest_movements { kind: RFM_MOVEMENT_KIND_NEW to_segment: "LOST" customer_count: 30 }
    largest_movements { kind: RFM_MOVEMENT_KIND_GONE from_segment: "CHAMPIONS" customer_count: 2 }
    stayed_count: 1100 moved_count: 41 new_count: 30 gone_count: 2)";

// Newest first, as the server lists them. The latest day is not the newest run's.
constexpr char kRuns[] = R"(
    runs { run_id: "other-model" model_id: "m-2" as_of_date: "2011-09-11"
           spec { rule_set_id: "growth-11" } job { state: JOB_STATE_SUCCEEDED } }
    runs { run_id: "other-rules" model_id: "m-1" as_of_date: "2011-09-11"
           spec { rule_set_id: "classic-8" } job { state: JOB_STATE_SUCCEEDED } }
    runs { run_id: "failed" model_id: "m-1" as_of_date: "2011-12-31"
           spec { rule_set_id: "growth-11" } job { state: JOB_STATE_FAILED } }
    runs { run_id: "latest" model_id: "m-1" as_of_date: "2011-12-10"
           spec { rule_set_id: "growth-11" } job { state: JOB_STATE_SUCCEEDED } }
    runs { run_id: "before" model_id: "m-1" as_of_date: "2011-09-11"
           spec { rule_set_id: "growth-11" } job { state: JOB_STATE_SUCCEEDED } })";

class FakeRfm final : public pb::RfmService::Service {
 public:
  grpc::Status CompareRuns(grpc::ServerContext*, const pb::CompareRunsRequest* request,
                           pb::RfmComparison* comparison) override {
    asked = *request;
    google::protobuf::TextFormat::ParseFromString(kComparison, comparison);
    return status;
  }
  grpc::Status ListRuns(grpc::ServerContext*, const pb::ListRunsRequest*,
                        pb::ListRunsResponse* response) override {
    google::protobuf::TextFormat::ParseFromString(runs, response);
    return grpc::Status::OK;
  }
  grpc::Status status;
  std::string runs = kRuns;
  pb::CompareRunsRequest asked;
};

class RfmCompareTest : public testing::Test {
 protected:
  CommandResult Compare(const std::vector<std::string>& more) {
    std::vector<std::string> arguments = {"rfm", "compare"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return RunClientele({{kSegmentation, segmentation_.address()}}, arguments);
  }

  FakeRfm rfm_;
  FakeServer segmentation_{{&rfm_}};
};

TEST_F(RfmCompareTest, ShowsSegmentsBeforeAndAfterAndTheLargestMovements) {
  const CommandResult result = Compare({"r-1", "r-2"});
  EXPECT_EQ(result.exit_code, kExitOk) << result.err;
  EXPECT_EQ(rfm_.asked.from_run_id(), "r-1");
  EXPECT_EQ(rfm_.asked.to_run_id(), "r-2");
  EXPECT_THAT(result.out, AllOf(HasSubstr("2011-09-11"), HasSubstr("冠军"), HasSubstr("▲ 100"),
                                HasSubstr("▼ 4"), HasSubstr("1,234.56"),
                                HasSubstr("Lost 流失       →  Champions 冠军         40  █"),
                                HasSubstr("(new)           →  Lost 流失              30"),
                                HasSubstr("Champions 冠军  →  (gone)                  2")));
  EXPECT_THAT(result.out,
              AllOf(HasSubstr("1,100 stayed, 41 moved, 30 new, 2 gone"),
                    HasSubstr("run r-1 → run r-2"), Not(HasSubstr("Champions 冠军  ="))));
}

TEST_F(RfmCompareTest, ShowsEveryMovementWhenAsked) {
  const CommandResult result = Compare({"r-1", "--all"});
  EXPECT_EQ(rfm_.asked.to_run_id(), "");
  EXPECT_THAT(result.out, AllOf(HasSubstr("Champions 冠军  =  Champions 冠军"),
                                HasSubstr("Lost 流失       →  (out of window)          1")));
}

TEST_F(RfmCompareTest, PrintsTheResponseAsJson) {
  const CommandResult result = Compare({"r-1", "r-2", "--json"});
  EXPECT_EQ(result.Json()["stayed_count"], 1100);
  EXPECT_EQ(result.Json()["movements"][1]["customer_count"], 40);
  EXPECT_EQ(result.Json()["movements"][2]["kind"], "RFM_MOVEMENT_KIND_GONE");
}

TEST_F(RfmCompareTest, FindsTheRunsSoManyDaysApart) {
  EXPECT_EQ(Compare({"--days", "90"}).exit_code, kExitOk);
  EXPECT_EQ(rfm_.asked.from_run_id(), "before") << "of the same model";
  EXPECT_EQ(rfm_.asked.to_run_id(), "latest");
  rfm_.runs.resize(rfm_.runs.rfind("runs {"));  // without "before"
  EXPECT_EQ(Compare({"--days", "90"}).exit_code, kExitOk);
  EXPECT_EQ(rfm_.asked.from_run_id(), "other-model");
}

TEST_F(RfmCompareTest, SaysWhichRunIsMissing) {
  const CommandResult result = Compare({"--days", "30"});
  EXPECT_EQ(result.exit_code, kExitError);
  EXPECT_THAT(result.err, HasSubstr("no run with the rules growth-11 as of 2011-11-10, 30 days "
                                    "before 2011-12-10"));
  rfm_.runs = "";
  EXPECT_THAT(Compare({"--days", "30"}).err, HasSubstr("no run has succeeded yet"));
}

TEST_F(RfmCompareTest, TakesRunsOrDaysButNotBoth) {
  EXPECT_EQ(Compare({}).exit_code, kExitUsage);
  EXPECT_EQ(Compare({"r-1", "--days", "90"}).exit_code, kExitUsage);
  EXPECT_EQ(Compare({"--days", "0"}).exit_code, kExitUsage);
}

TEST_F(RfmCompareTest, AnswersTheServersError) {
  rfm_.status = NamedError(absl::StatusCode::kFailedPrecondition, "RFM_RUNS_NOT_COMPARABLE", "no");
  const CommandResult result = Compare({"r-1", "r-2", "--json"});
  EXPECT_EQ(result.exit_code, kExitError);
  EXPECT_EQ(result.Json()["error"]["details"][0]["reason"], "RFM_RUNS_NOT_COMPARABLE");
}

}  // namespace
}  // namespace clientele::cli
