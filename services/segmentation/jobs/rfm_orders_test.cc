// The published table of the R package rfm, through feed events, order log, run and GetScore.

#include <map>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/segmentation/api/handlers/rfm_models.h"
#include "services/segmentation/api/handlers/rfm_runs.h"
#include "services/segmentation/api/handlers/rfm_scores.h"
#include "services/segmentation/testing/api_fixture.h"
#include "services/segmentation/testing/real_data.h"

namespace clientele::segmentation {
namespace {

std::string IdOf(const std::string& name) {
  std::string id = "rfm-orders-";
  for (const char c : name) {
    id.push_back(absl::ascii_isalnum(c) ? absl::ascii_tolower(c) : '-');
  }
  return id;
}

class RfmOrdersTest : public ::testing::Test {
 protected:
  void SetUp() override {
    const std::optional<std::string> folder = RealDataFolder();
    if (!folder.has_value()) {
      GTEST_SKIP() << "no real data: set CLIENTELE_TEST_DATA or put it in shared/data";
    }
    folder_ = *folder;
    std::vector<common::v1::Event> events;
    int number = 0;
    for (const auto& [customer, orders] : ReadRfmOrders(folder_)) {
      events.push_back(CustomerCreated(IdOf(customer), orders.front().occur_time));
      for (const TestOrder& order : orders) {
        events.push_back(PurchaseRecorded({.customer_id = IdOf(customer),
                                           .number = ++number,
                                           .occur_time = order.occur_time,
                                           .gross_minor = order.gross_minor,
                                           .currency_code = "USD"}));
      }
    }
    fixture_.Deliver(std::move(events));
  }

  v1::RfmScore GetScore(const std::string& customer) {
    v1::GetScoreRequest request;
    request.set_customer_id(IdOf(customer));
    rpc::CallContext call = fixture_.Call();
    const auto score = RfmScores(fixture_.api()).Get(call, request);
    EXPECT_TRUE(score.ok()) << score.status();
    return score.ok() ? *score : v1::RfmScore();
  }

  std::string folder_;
  ApiFixture fixture_;
};

TEST_F(RfmOrdersTest, EveryRowOfThePublishedTableComesOutOfGetScore) {
  v1::RfmModelSpec spec;
  spec.set_method(v1::RFM_METHOD_R_RFM);
  spec.set_monetary(v1::RFM_MONETARY_GROSS);
  spec.set_rule_set_id("r-rfm-10");
  v1::PublishRfmModelRequest publish;
  publish.set_model_id("r-rfm");
  *publish.mutable_spec() = spec;
  rpc::CallContext call = fixture_.Call();
  ASSERT_TRUE(RfmModels(fixture_.api()).Publish(call, publish).ok());
  v1::StartRunRequest start;
  start.set_model_id("r-rfm");
  start.set_as_of_date("2006-12-31");
  ASSERT_TRUE(RfmRuns(fixture_.api()).Start(call, start).ok());
  ASSERT_EQ(fixture_.RunNext().error, absl::OkStatus());

  const auto table = ReadCsv(folder_ + "/rfm-orders/expected_rfm_table_order_2006-12-31.csv");
  ASSERT_EQ(table.size(), 995u);
  std::map<std::string, int64_t> sizes;
  for (const std::vector<std::string>& expected : table) {
    const v1::RfmScore score = GetScore(expected[0]);
    EXPECT_EQ(absl::StrCat(score.recency_days()), expected[1]) << expected[0];
    EXPECT_EQ(absl::StrCat(score.frequency()), expected[2]) << expected[0];
    EXPECT_EQ(absl::StrCat(score.monetary_minor()), expected[3] + "00") << expected[0];
    EXPECT_EQ(score.cell(), expected[7]) << expected[0];
    EXPECT_EQ(score.segment(), expected[8]) << expected[0];
    ++sizes[score.segment()];
  }
  const v1::RfmRun run = fixture_.GetRun("");
  for (const v1::RfmSegmentTotal& segment : run.segments()) {
    EXPECT_EQ(segment.customer_count(), sizes[segment.segment()]) << segment.segment();
  }
}

}  // namespace
}  // namespace clientele::segmentation
