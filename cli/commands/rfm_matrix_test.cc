#include "cli/commands/rfm_matrix.h"

#include <string>

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

constexpr char kMatrix[] = R"(
    run_id: "r-1" as_of_date: "2011-12-10" currency_code: "GBP" score_count: 2
    cells { recency_score: 1 frequency_score: 1 customer_count: 30 order_count: 30
            revenue_minor: 300000 mean_monetary_minor: 10000 }
    cells { recency_score: 1 frequency_score: 2 }
    cells { recency_score: 2 frequency_score: 1 customer_count: 5 order_count: 5
            revenue_minor: 5000 mean_monetary_minor: 1000 }
    cells { recency_score: 2 frequency_score: 2 customer_count: 1200 order_count: 9000
            revenue_minor: 123456789 mean_monetary_minor: 102881 })";

class FakeRfm final : public pb::RfmService::Service {
 public:
  grpc::Status GetRfmMatrix(grpc::ServerContext*, const pb::GetRfmMatrixRequest* request,
                            pb::RfmMatrix* matrix) override {
    run_id = request->run_id();
    google::protobuf::TextFormat::ParseFromString(kMatrix, matrix);
    return grpc::Status::OK;
  }
  std::string run_id = "not asked";
};

TEST(RfmMatrixTest, DrawsAMapWithTheBestAtTheTopRight) {
  FakeRfm rfm;
  FakeServer segmentation({&rfm});
  const CommandResult result =
      RunClientele({{kSegmentation, segmentation.address()}}, {"rfm", "matrix"});
  EXPECT_EQ(result.exit_code, kExitOk) << result.err;
  EXPECT_EQ(rfm.run_id, "");
  EXPECT_THAT(result.out, AllOf(HasSubstr("       F1        F2\n"
                                          "R2  ░░  5  ██ 1,200\n"
                                          "R1  ░░ 30         0\n"),
                                HasSubstr("revenue GBP"), HasSubstr("██ 1,234,567.89"),
                                HasSubstr("██ 1,028.81"), HasSubstr("run r-1 as of 2011-12-10")));
  EXPECT_THAT(result.out, Not(HasSubstr("\x1b["))) << "no terminal, no colours";
}

TEST(RfmMatrixTest, PrintsTheResponseOfTheRunAsJson) {
  FakeRfm rfm;
  FakeServer segmentation({&rfm});
  const CommandResult result = RunClientele({{kSegmentation, segmentation.address()}},
                                            {"rfm", "matrix", "--run", "r-7", "--json"});
  EXPECT_EQ(rfm.run_id, "r-7");
  EXPECT_EQ(result.Json()["cells"].size(), 4u);
  EXPECT_EQ(result.Json()["cells"][1]["customer_count"], 0);
  EXPECT_EQ(result.Json()["cells"][3]["revenue_minor"], 123456789);
}

}  // namespace
}  // namespace clientele::cli
