// Published results on real data: every number here comes from the data page or from the issue.

#include "services/segmentation/testing/real_data.h"

#include <algorithm>
#include <map>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/segmentation/domain/gates.h"
#include "services/segmentation/domain/scoring.h"

namespace clientele::segmentation {
namespace {

using ::testing::DoubleNear;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pointwise;

// One run over a data set; `customers` is parallel to the columns.
struct ModelRun {
  Population population;
  std::vector<FailedGate> failed_gates;
  std::vector<std::string> customers;
  CutPoints cut_points;
  RunScores scores;

  Score ScoreOf(const std::string& customer) const { return scores.At(IndexOf(customer)); }
  RfmRow RowOf(const std::string& customer) const {
    return population.columns.At(IndexOf(customer));
  }
  size_t IndexOf(const std::string& customer) const {
    const auto found = std::find(customers.begin(), customers.end(), customer);
    EXPECT_NE(found, customers.end()) << customer;
    return static_cast<size_t>(found - customers.begin());
  }
};

ModelRun RunModel(const RfmModelSpec& spec, absl::CivilDay as_of, const OrdersByCustomer& data) {
  EXPECT_THAT(ValidateSpec(spec).all(), IsEmpty());
  const OrderCounter counter(spec, as_of);
  ModelRun run;
  for (const auto& [customer, test_orders] : data) {
    std::vector<LoggedOrder> orders;
    for (const TestOrder& order : test_orders) {
      orders.push_back(
          {order.occur_time, order.gross_minor, order.gross_minor, spec.currency_code, "test"});
    }
    if (run.population.Add(counter.Count(orders))) {
      run.customers.push_back(customer);
    }
  }
  run.failed_gates = EvaluateGates(spec, counter, run.population);
  run.cut_points = *ComputeCutPoints(spec, run.population.columns);
  run.scores = ScoreAll(spec, run.cut_points, run.population.columns);
  return run;
}

std::map<std::string, int64_t> Sizes(const RuleSet& rules, const RunScores& scores) {
  std::map<std::string, int64_t> sizes;
  for (size_t i = 0; i < rules.segments.size(); ++i) {
    sizes[std::string(rules.segments[i].name_en)] = scores.totals[i].customers;
  }
  return sizes;
}

class RealDataTest : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = RealDataFolder();
    if (!folder_.has_value()) {
      GTEST_SKIP() << "no real data: set CLIENTELE_TEST_DATA or put it in shared/data";
    }
  }

  std::optional<std::string> folder_;
};

TEST_F(RealDataTest, OnlineRetailHasThePublishedEdgesBinsAndCustomers) {
  RfmModelSpec spec;
  spec.currency_code = "GBP";
  const ModelRun run = RunModel(spec, absl::CivilDay(2011, 12, 10), ReadOnlineRetail(*folder_));
  EXPECT_THAT(run.failed_gates, IsEmpty());
  EXPECT_EQ(run.customers.size(), 4338u);
  const DimensionEdges& edges = run.cut_points.edges;
  EXPECT_THAT(edges.recency_days,
              Pointwise(DoubleNear(1e-9), std::vector<double>{13.8, 33, 72, 180}));
  EXPECT_THAT(edges.frequency_orders, ElementsAre(1, 2, 3, 6));
  EXPECT_THAT(edges.monetary_minor,
              Pointwise(DoubleNear(2), std::vector<double>{25019.4, 49009.6, 94227.6, 205842.6}));
  std::map<int, int> f_bins;
  for (const uint8_t f : run.scores.f) {
    ++f_bins[f];
  }
  EXPECT_THAT(f_bins, ElementsAre(std::pair(1, 1493), std::pair(2, 835), std::pair(3, 508),
                                  std::pair(4, 802), std::pair(5, 700)));
  struct Expected {
    std::string customer;
    RfmRow row;
  };
  const std::vector<Expected> expected = {{"12346.0", {326, 1, 7718360}},
                                          {"12347.0", {3, 7, 431000}},
                                          {"12348.0", {76, 4, 179724}},
                                          {"17850.0", {373, 34, 539121}},
                                          {"14646.0", {2, 73, 28020602}}};
  for (const Expected& e : expected) {
    const RfmRow row = run.RowOf(e.customer);
    EXPECT_EQ(row.recency_days, e.row.recency_days) << e.customer;
    EXPECT_EQ(row.frequency, e.row.frequency) << e.customer;
    EXPECT_EQ(row.revenue_minor, e.row.revenue_minor) << e.customer;
  }
  EXPECT_GT(run.scores.tie_sensitivity, 0);
  EXPECT_LT(run.scores.tie_sensitivity, 1);
}

TEST_F(RealDataTest, RfmOrdersMatchEveryRowOfThePublishedTable) {
  RfmModelSpec spec;
  spec.method = RfmMethod::kRRfm;
  spec.rule_set_id = "r-rfm-10";
  const ModelRun run = RunModel(spec, absl::CivilDay(2006, 12, 31), ReadRfmOrders(*folder_));
  EXPECT_THAT(run.failed_gates, IsEmpty());
  const DimensionEdges& edges = run.cut_points.edges;
  EXPECT_THAT(edges.recency_days,
              Pointwise(DoubleNear(1e-9), std::vector<double>{115, 181, 297.4, 482}));
  EXPECT_THAT(edges.frequency_orders, ElementsAre(4, 5, 6, 8));
  EXPECT_THAT(edges.monetary_minor,
              Pointwise(DoubleNear(1e-9), std::vector<double>{25580, 38200, 50640, 66600}));
  const auto table = ReadCsv(*folder_ + "/rfm-orders/expected_rfm_table_order_2006-12-31.csv");
  ASSERT_EQ(table.size(), 995u);
  ASSERT_EQ(run.customers.size(), 995u);
  const RuleSet& rules = *FindRuleSet("r-rfm-10");
  for (const std::vector<std::string>& expected : table) {
    const RfmRow row = run.RowOf(expected[0]);
    const Score score = run.ScoreOf(expected[0]);
    EXPECT_EQ(std::to_string(row.recency_days), expected[1]) << expected[0];
    EXPECT_EQ(std::to_string(row.frequency), expected[2]) << expected[0];
    EXPECT_EQ(row.revenue_minor % 100, 0) << expected[0];
    EXPECT_EQ(std::to_string(row.revenue_minor / 100), expected[3]) << expected[0];
    EXPECT_EQ(CellName(5, score), expected[7]) << expected[0];
    EXPECT_EQ(rules.segments[score.segment].name_en, expected[8]) << expected[0];
  }
  const std::map<std::string, int64_t> sizes = {
      {"About To Sleep", 102},     {"At Risk", 28},        {"Can't Lose Them", 47},
      {"Champions", 35},           {"Lost", 148},          {"Loyal Customers", 170},
      {"Need Attention", 10},      {"New Customers", 104}, {"Others", 0},
      {"Potential Loyalist", 342}, {"Promising", 9}};
  EXPECT_EQ(Sizes(rules, run.scores), sizes);
}

TEST_F(RealDataTest, CdnowRunsUnderEveryMethodAtTheEndOfItsLog) {
  const OrdersByCustomer data = ReadCdnow(*folder_);
  RfmModelSpec split;
  split.method = RfmMethod::kMeanSplit;
  split.rule_set_id = "classic-8";
  for (const RfmModelSpec& spec : {RfmModelSpec(), split}) {
    const ModelRun run = RunModel(spec, absl::CivilDay(1998, 7, 1), data);
    EXPECT_THAT(run.failed_gates, IsEmpty());
    EXPECT_EQ(run.customers.size(), 2357u);
    int64_t orders = 0;
    for (const SegmentTotal& total : run.scores.totals) {
      orders += total.orders;
    }
    EXPECT_EQ(orders, 6919);
  }
}

}  // namespace
}  // namespace clientele::segmentation
