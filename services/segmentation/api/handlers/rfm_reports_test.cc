#include "services/segmentation/api/handlers/rfm_reports.h"

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/status/error.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/segmentation/api/handlers/rfm_runs.h"
#include "services/segmentation/api/handlers/rfm_scores.h"
#include "services/segmentation/testing/api_fixture.h"

namespace clientele::segmentation {
namespace {

using ::testing::ElementsAre;
using ::testing::ElementsAreArray;
using ::testing::IsEmpty;
using ::testing::Pair;
using ::testing::UnorderedElementsAre;

// High or low against the mean, so that every score is easily found by hand.
v1::RfmModelSpec TwoByTwo() {
  v1::RfmModelSpec spec;
  spec.set_method(v1::RFM_METHOD_MEAN_SPLIT);
  spec.set_monetary(v1::RFM_MONETARY_GROSS);
  spec.set_rule_set_id("classic-8");
  spec.mutable_gates()->set_buyers_min(1);
  return spec;
}

class RfmReportsTest : public ::testing::Test {
 protected:
  // Starts a run at 2011-12-10 and does it, whatever the gates say.
  std::string Score(const v1::RfmModelSpec& spec) {
    const std::string run_id = fixture_.StartRun(spec, true);
    EXPECT_EQ(fixture_.RunNext().error, absl::OkStatus());
    return run_id;
  }

  absl::StatusOr<v1::RfmComparison> Compare(const std::string& from, const std::string& to = "") {
    v1::CompareRunsRequest request;
    request.set_from_run_id(from);
    request.set_to_run_id(to);
    return reports_.Compare(call_, request);
  }

  absl::StatusOr<v1::RfmMatrix> Matrix(const std::string& run_id = "") {
    v1::GetRfmMatrixRequest request;
    request.set_run_id(run_id);
    return reports_.Matrix(call_, request);
  }

  // Segment of every customer of a run.
  std::map<std::string, std::string> Segments(const std::string& run_id) {
    v1::ListScoresRequest request;
    request.set_run_id(run_id);
    request.set_page_size(1000);
    std::map<std::string, std::string> segments;
    const auto page = RfmScores(fixture_.api()).List(call_, request);
    EXPECT_TRUE(page.ok()) << page.status();
    for (const v1::RfmScore& score : page->scores()) {
      segments[score.customer_id()] = score.segment();
    }
    return segments;
  }

  ApiFixture fixture_;
  rpc::CallContext call_ = fixture_.Call();
  RfmReports reports_{fixture_.api()};
};

// "MOVED A > B 2" per movement.
template <typename Movements>
std::vector<std::string> Texts(const Movements& movements) {
  std::vector<std::string> texts;
  for (const v1::RfmMovement& move : movements) {
    texts.push_back(absl::StrCat(v1::RfmMovementKind_Name(move.kind()).substr(18), " ",
                                 move.from_segment(), " > ", move.to_segment(), " ",
                                 move.customer_count(), ": ", move.from_revenue_minor(), " ",
                                 move.to_revenue_minor()));
  }
  return texts;
}

TEST_F(RfmReportsTest, ComparesTwoRunsByHand) {
  // Means of the first run: (344 - 10, 344 - 300, 344 - 300) days, 4/3 orders, 1200/3 = 400.
  fixture_.Deliver({CustomerCreated("old", NoonOf(1)), CustomerCreated("big", NoonOf(1)),
                    CustomerCreated("gone", NoonOf(1)), CustomerCreated("late", NoonOf(1)),
                    PurchaseRecorded({"old", 1, NoonOf(10), 100}),
                    PurchaseRecorded({"big", 2, NoonOf(299), 500}),
                    PurchaseRecorded({"big", 3, NoonOf(300), 500}),
                    PurchaseRecorded({"gone", 4, NoonOf(300), 100})});
  const std::string first = Score(TwoByTwo());
  EXPECT_THAT(Segments(first),
              UnorderedElementsAre(Pair("old", "GENERAL_WIN_BACK"), Pair("big", "IMPORTANT_VALUE"),
                                   Pair("gone", "GENERAL_DEVELOP")));
  fixture_.Deliver({CustomerDeleted("gone", NoonOf(301)),
                    PurchaseRecorded({"late", 5, NoonOf(340), 50}),
                    PurchaseRecorded({"old", 6, NoonOf(340), 2000}),
                    PurchaseRecorded({"old", 7, NoonOf(341), 2000})});
  const std::string second = Score(TwoByTwo());
  // Means: (3, 44, 4) days = 17; (3, 2, 1) orders = 2; (4100, 1000, 50) = 1716.67.
  EXPECT_THAT(Segments(second),
              UnorderedElementsAre(Pair("old", "IMPORTANT_VALUE"), Pair("big", "GENERAL_WIN_BACK"),
                                   Pair("late", "GENERAL_DEVELOP")));
  const auto comparison = Compare(first);
  ASSERT_TRUE(comparison.ok()) << comparison.status();
  EXPECT_EQ(comparison->from_run().run_id(), first);
  EXPECT_EQ(comparison->to_run().run_id(), second);
  EXPECT_EQ(comparison->to_run().as_of_date(), "2011-12-10");
  EXPECT_EQ(comparison->to_run().spec().currency_code(), "GBP");
  EXPECT_THAT(comparison->to_run().segments(), IsEmpty());
  EXPECT_THAT(Texts(comparison->movements()),
              ElementsAre("MOVED IMPORTANT_VALUE > GENERAL_WIN_BACK 1: 1000 1000",
                          "GONE GENERAL_DEVELOP >  1: 100 0",
                          "MOVED GENERAL_WIN_BACK > IMPORTANT_VALUE 1: 100 4100",
                          "NEW  > GENERAL_DEVELOP 1: 0 50"));
  EXPECT_THAT(Texts(comparison->largest_movements()),
              ElementsAreArray(Texts(comparison->movements())));
  EXPECT_EQ(comparison->stayed_count(), 0);
  EXPECT_EQ(comparison->moved_count(), 2);
  EXPECT_EQ(comparison->new_count(), 1);
  EXPECT_EQ(comparison->gone_count(), 1);
  ASSERT_EQ(comparison->segments_size(), 8) << "also empty ones, none without a segment";
  const v1::RfmSegmentChange& value = comparison->segments(0);
  EXPECT_EQ(value.segment(), "IMPORTANT_VALUE");
  EXPECT_EQ(value.name_zh(), "重要价值");
  EXPECT_FALSE(value.name_en().empty());
  EXPECT_EQ(value.from_customer_count(), 1);
  EXPECT_EQ(value.from_order_count(), 2);
  EXPECT_EQ(value.from_revenue_minor(), 1000);
  EXPECT_EQ(value.to_customer_count(), 1);
  EXPECT_EQ(value.to_order_count(), 3);
  EXPECT_EQ(value.to_revenue_minor(), 4100);
}

TEST_F(RfmReportsTest, ARunComparedWithItselfMovesNobody) {
  fixture_.DeliverShop(60);
  const std::string run_id = Score(GrowthSpec());
  const auto comparison = Compare(run_id, run_id);
  ASSERT_TRUE(comparison.ok()) << comparison.status();
  EXPECT_EQ(comparison->stayed_count(), 60);
  EXPECT_EQ(comparison->moved_count() + comparison->new_count() + comparison->gone_count(), 0);
  EXPECT_THAT(comparison->largest_movements(), IsEmpty());
  const v1::RfmRun run = fixture_.GetRun(run_id);
  ASSERT_EQ(comparison->segments_size(), run.segments_size());
  for (int i = 0; i < run.segments_size(); ++i) {
    EXPECT_EQ(comparison->segments(i).segment(), run.segments(i).segment());
    EXPECT_EQ(comparison->segments(i).from_customer_count(), run.segments(i).customer_count());
    EXPECT_EQ(comparison->segments(i).to_order_count(), run.segments(i).order_count());
    EXPECT_EQ(comparison->segments(i).to_revenue_minor(), run.segments(i).revenue_minor());
  }
}

TEST_F(RfmReportsTest, CustomersWithoutASegmentStandUnderTheEmptyOne) {
  fixture_.DeliverShop(60);
  v1::RfmModelSpec spec = TwoByTwo();
  const std::string all = Score(spec);
  spec.set_window_days(30);
  const std::string recent = Score(spec);
  const auto comparison = Compare(all, recent);
  ASSERT_TRUE(comparison.ok()) << comparison.status();
  ASSERT_EQ(comparison->segments_size(), 9);
  const v1::RfmSegmentChange& none = comparison->segments(8);
  EXPECT_EQ(none.segment(), "");
  EXPECT_EQ(none.from_customer_count(), 0);
  EXPECT_GT(none.to_customer_count(), 0);
  EXPECT_EQ(none.to_revenue_minor(), 0);
  EXPECT_EQ(comparison->gone_count(), 0);
  EXPECT_EQ(comparison->moved_count() + comparison->stayed_count(), 60);
}

TEST_F(RfmReportsTest, RefusesWhatCannotBeCompared) {
  fixture_.DeliverShop(60);
  EXPECT_THAT(ViolatedFields(Compare("", "r-1").status()), ElementsAre("from_run_id", "to_run_id"));
  EXPECT_EQ(GetErrorReason(Compare(MakeRequestId(1)).status()), "RFM_RUN_NOT_FOUND");
  const std::string growth = Score(GrowthSpec());
  EXPECT_EQ(GetErrorReason(Compare(growth, MakeRequestId(1)).status()), "RFM_RUN_NOT_FOUND");
  const std::string classic = Score(TwoByTwo());
  const absl::Status other_rules = Compare(growth, classic).status();
  EXPECT_EQ(other_rules.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(GetErrorReason(other_rules), "RFM_RUNS_NOT_COMPARABLE");
  EXPECT_EQ(GetErrorDetails(other_rules)->metadata.at("to_rule_set_id"), "classic-8");
  const std::string pending = fixture_.StartRun(GrowthSpec());
  EXPECT_EQ(GetErrorReason(Compare(growth, pending).status()), "RFM_RUN_NOT_FINISHED");
  EXPECT_EQ(GetErrorReason(Compare(pending, growth).status()), "RFM_RUN_NOT_FINISHED");
}

TEST_F(RfmReportsTest, HasEveryCellOfTheMatrixWithItsWorth) {
  fixture_.Deliver({CustomerCreated("old", NoonOf(1)), CustomerCreated("big", NoonOf(1)),
                    CustomerCreated("mid", NoonOf(1)), CustomerCreated("low", NoonOf(1)),
                    PurchaseRecorded({"old", 1, NoonOf(10), 101}),
                    PurchaseRecorded({"big", 2, NoonOf(299), 500}),
                    PurchaseRecorded({"big", 3, NoonOf(300), 500}),
                    PurchaseRecorded({"mid", 4, NoonOf(300), 100}),
                    PurchaseRecorded({"low", 5, NoonOf(300), 101})});
  // Means: 116.5 days, 1.25 orders: R2 F2 big, R2 F1 mid and low, R1 F1 old.
  const std::string run_id = Score(TwoByTwo());
  const auto matrix = Matrix();
  ASSERT_TRUE(matrix.ok()) << matrix.status();
  EXPECT_EQ(matrix->run_id(), run_id);
  EXPECT_EQ(matrix->as_of_date(), "2011-12-10");
  EXPECT_EQ(matrix->currency_code(), "GBP");
  EXPECT_EQ(matrix->score_count(), 2);
  std::vector<std::string> cells;
  for (const v1::RfmMatrixTotal& cell : matrix->cells()) {
    cells.push_back(absl::StrCat("R", cell.recency_score(), " F", cell.frequency_score(), ": ",
                                 cell.customer_count(), " ", cell.order_count(), " ",
                                 cell.revenue_minor(), " ", cell.mean_monetary_minor()));
  }
  EXPECT_THAT(cells, ElementsAre("R1 F1: 1 1 101 101", "R1 F2: 0 0 0 0", "R2 F1: 2 2 201 101",
                                 "R2 F2: 1 2 1000 1000"));
}

TEST_F(RfmReportsTest, TheMatrixAddsUpToTheRun) {
  fixture_.DeliverShop(60);
  const std::string run_id = Score(GrowthSpec());
  const auto matrix = Matrix(run_id);
  ASSERT_TRUE(matrix.ok()) << matrix.status();
  EXPECT_EQ(matrix->cells_size(), 25);
  const v1::RfmRun run = fixture_.GetRun(run_id);
  std::map<std::pair<int, int>, int64_t> counts;
  for (const v1::RfmMatrixCell& cell : run.matrix()) {
    counts[{cell.recency_score(), cell.frequency_score()}] = cell.customer_count();
  }
  int64_t revenue = 0;
  for (const v1::RfmMatrixTotal& cell : matrix->cells()) {
    EXPECT_EQ(cell.customer_count(), (counts[{cell.recency_score(), cell.frequency_score()}]));
    revenue += cell.revenue_minor();
  }
  for (const v1::RfmSegmentTotal& segment : run.segments()) {
    revenue -= segment.revenue_minor();
  }
  EXPECT_EQ(revenue, 0);
}

TEST_F(RfmReportsTest, RefusesAMatrixOfNoFinishedRun) {
  EXPECT_THAT(ViolatedFields(Matrix("r-1").status()), ElementsAre("run_id"));
  EXPECT_EQ(GetErrorReason(Matrix().status()), "RFM_RUN_NOT_FOUND");
  EXPECT_EQ(GetErrorReason(Matrix(MakeRequestId(1)).status()), "RFM_RUN_NOT_FOUND");
  const std::string pending = fixture_.StartRun(GrowthSpec());
  EXPECT_EQ(GetErrorReason(Matrix(pending).status()), "RFM_RUN_NOT_FINISHED");
}

}  // namespace
}  // namespace clientele::segmentation
