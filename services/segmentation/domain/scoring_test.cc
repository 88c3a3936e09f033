#include "services/segmentation/domain/scoring.h"

#include <algorithm>
#include <numeric>
#include <random>

#include "common/status/error.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace clientele::segmentation {
namespace {

using ::testing::DoubleEq;
using ::testing::Each;
using ::testing::ElementsAre;

RfmModelSpec SpecOf(RfmMethod method, absl::string_view rule_set) {
  RfmModelSpec spec;
  spec.method = method;
  spec.rule_set_id = std::string(rule_set);
  return spec;
}

RfmColumns Columns(const std::vector<RfmRow>& rows) {
  RfmColumns columns;
  for (const RfmRow& row : rows) {
    columns.Append(row);
  }
  return columns;
}

RfmColumns RandomColumns(std::mt19937& random, int customers) {
  const auto pick = [&random](int low, int high) {
    return std::uniform_int_distribution<int>(low, high)(random);
  };
  RfmColumns columns;
  const int spread = pick(1, 400);
  for (int i = 0; i < customers; ++i) {
    columns.Append({pick(1, spread), pick(1, 1 + spread / 20), pick(0, spread * 10)});
  }
  return columns;
}

// Scores by the design's formulas, one value at a time.
int NaiveScore(const RfmModelSpec& spec, const CutPoints& cuts, Dimension dimension, double value) {
  const bool high = spec.method == RfmMethod::kRRfm || spec.tie_policy == TiePolicy::kHigh;
  int edges_below = 0;
  for (const double edge : cuts.edges.Of(dimension)) {
    edges_below += high ? edge <= value : edge < value;
  }
  return dimension == Dimension::kRecency ? spec.bins - edges_below : 1 + edges_below;
}

TEST(ScoringTest, AgreesWithTheFormulasOnRandomCustomers) {
  std::mt19937 random(2);
  for (int round = 0; round < 60; ++round) {
    RfmModelSpec spec = round % 2 == 0 ? SpecOf(RfmMethod::kQuantile, "growth-11")
                                       : SpecOf(RfmMethod::kRRfm, "r-rfm-10");
    spec.monetary = static_cast<MonetaryBasis>(round % 3);
    spec.tie_policy = round % 4 == 0 ? TiePolicy::kHigh : TiePolicy::kLow;
    const RfmColumns columns = RandomColumns(random, 1 + round * 100);
    const CutPoints cuts = *ComputeCutPoints(spec, columns);
    const RunScores scores = ScoreAll(spec, cuts, columns);
    for (size_t i = 0; i < columns.size(); ++i) {
      const RfmRow row = columns.At(i);
      EXPECT_EQ(scores.r[i], NaiveScore(spec, cuts, Dimension::kRecency, row.recency_days));
      EXPECT_EQ(scores.f[i], NaiveScore(spec, cuts, Dimension::kFrequency, row.frequency));
      EXPECT_EQ(scores.m[i],
                NaiveScore(spec, cuts, Dimension::kMonetary, MonetaryValue(spec.monetary, row)));
    }
  }
}

TEST(ScoringTest, OneAndAllAgreeForEveryMethod) {
  std::mt19937 random(3);
  std::vector<RfmModelSpec> specs = {
      SpecOf(RfmMethod::kQuantile, "growth-11"), SpecOf(RfmMethod::kRRfm, "r-rfm-10"),
      SpecOf(RfmMethod::kMeanSplit, "classic-8"), SpecOf(RfmMethod::kMeanSplit, "classic-8"),
      SpecOf(RfmMethod::kFixed, "growth-11")};
  specs[3].split_basis = SplitBasis::kScore;
  specs[4].fixed_edges = {{7, 30, 90, 180}, {1, 2, 3, 6}, {100, 500, 1000, 2000}};
  for (const RfmModelSpec& spec : specs) {
    const RfmColumns columns = RandomColumns(random, 5000);
    const CutPoints cuts = *ComputeCutPoints(spec, columns);
    const RunScores scores = ScoreAll(spec, cuts, columns);
    for (size_t i = 0; i < columns.size(); ++i) {
      const Score one = ScoreOne(spec, cuts, columns.At(i));
      EXPECT_EQ(one.r, scores.r[i]);
      EXPECT_EQ(one.f, scores.f[i]);
      EXPECT_EQ(one.m, scores.m[i]);
      EXPECT_EQ(one.segment, scores.segment[i]);
    }
  }
}

TEST(ScoringTest, TotalsAndMatrixAddUpToTheCustomers) {
  std::mt19937 random(4);
  const RfmModelSpec spec = SpecOf(RfmMethod::kQuantile, "growth-11");
  const RfmColumns columns = RandomColumns(random, 5000);
  const RunScores scores = ScoreAll(spec, *ComputeCutPoints(spec, columns), columns);
  SegmentTotal sum;
  for (const SegmentTotal& total : scores.totals) {
    sum.customers += total.customers;
    sum.orders += total.orders;
    sum.revenue_minor += total.revenue_minor;
  }
  EXPECT_EQ(sum.customers, 5000);
  EXPECT_EQ(sum.orders, std::accumulate(columns.frequency.begin(), columns.frequency.end(), 0LL));
  EXPECT_EQ(sum.revenue_minor,
            std::accumulate(columns.revenue_minor.begin(), columns.revenue_minor.end(), 0LL));
  EXPECT_EQ(scores.matrix.size(), 25u);
  EXPECT_EQ(std::accumulate(scores.matrix.begin(), scores.matrix.end(), 0LL), 5000);
  int64_t best_r_worst_f = 0;
  for (size_t i = 0; i < columns.size(); ++i) {
    best_r_worst_f += scores.r[i] == 5 && scores.f[i] == 1;
  }
  EXPECT_EQ(scores.matrix[4 * 5 + 0], best_r_worst_f);
}

TEST(ScoringTest, ValuesOnAnEdgeFollowTheTiePolicy) {
  RfmModelSpec spec = SpecOf(RfmMethod::kFixed, "growth-11");
  spec.fixed_edges = {{10, 20, 30, 40}, {1, 2, 3, 4}, {100, 200, 300, 400}};
  const CutPoints cuts = {spec.fixed_edges};
  EXPECT_EQ(CellName(5, ScoreOne(spec, cuts, {20, 2, 200})), "422");
  spec.tie_policy = TiePolicy::kHigh;
  EXPECT_EQ(CellName(5, ScoreOne(spec, cuts, {20, 2, 200})), "333");
}

TEST(ScoringTest, TieSensitivityIsTheShareThatTheOtherPolicyMoves) {
  std::mt19937 random(5);
  for (const bool split_on_scores : {false, true}) {
    RfmModelSpec low = split_on_scores ? SpecOf(RfmMethod::kMeanSplit, "classic-8")
                                       : SpecOf(RfmMethod::kQuantile, "growth-11");
    low.split_basis = SplitBasis::kScore;
    RfmModelSpec high = low;
    high.tie_policy = TiePolicy::kHigh;
    for (int round = 0; round < 20; ++round) {
      const RfmColumns columns = RandomColumns(random, 3000);
      const RunScores a = ScoreAll(low, *ComputeCutPoints(low, columns), columns);
      const RunScores b = ScoreAll(high, *ComputeCutPoints(high, columns), columns);
      int moved = 0;
      for (size_t i = 0; i < columns.size(); ++i) {
        moved += a.segment[i] != b.segment[i];
      }
      EXPECT_THAT(a.tie_sensitivity, DoubleEq(moved / 3000.0));
      EXPECT_THAT(b.tie_sensitivity, DoubleEq(moved / 3000.0));
    }
  }
}

TEST(ScoringTest, ExactlyAtTheCentreIsNotBetter) {
  const RfmModelSpec spec = SpecOf(RfmMethod::kMeanSplit, "classic-8");
  const RfmColumns columns = Columns({{10, 1, 100}, {20, 2, 200}, {30, 3, 300}});
  const CutPoints cuts = *ComputeCutPoints(spec, columns);
  EXPECT_THAT(cuts.edges.recency_days, ElementsAre(20));
  EXPECT_THAT(cuts.edges.frequency_orders, ElementsAre(2));
  EXPECT_THAT(cuts.edges.monetary_minor, ElementsAre(200));
  const RunScores scores = ScoreAll(spec, cuts, columns);
  EXPECT_EQ(CellName(2, scores.At(0)), "211");
  EXPECT_EQ(CellName(2, scores.At(1)), "111");
  EXPECT_EQ(CellName(2, scores.At(2)), "122");
  EXPECT_THAT(scores.tie_sensitivity, DoubleEq(1.0 / 3));
}

TEST(ScoringTest, SplitsAtTheMedianWhenAsked) {
  RfmModelSpec spec = SpecOf(RfmMethod::kMeanSplit, "classic-8");
  spec.split_centre = SplitCentre::kMedian;
  const CutPoints cuts =
      *ComputeCutPoints(spec, Columns({{1, 1, 1}, {2, 1, 1}, {3, 1, 1}, {90, 9, 9000}}));
  EXPECT_THAT(cuts.edges.recency_days, ElementsAre(2.5));
  EXPECT_THAT(cuts.edges.monetary_minor, ElementsAre(1));
}

// MEAN_SPLIT on scores: the two-step definition, against the single edge that ComputeCutPoints
// makes.
TEST(ScoringTest, SplitOnScoresEqualsScoringFirstAndSplittingThen) {
  std::mt19937 random(6);
  for (int round = 0; round < 40; ++round) {
    RfmModelSpec quantile = SpecOf(RfmMethod::kQuantile, "growth-11");
    quantile.tie_policy = round % 2 == 0 ? TiePolicy::kLow : TiePolicy::kHigh;
    RfmModelSpec split = quantile;
    split.method = RfmMethod::kMeanSplit;
    split.rule_set_id = "classic-8";
    split.split_basis = SplitBasis::kScore;
    const RfmColumns columns = RandomColumns(random, 500);
    const RunScores five = ScoreAll(quantile, *ComputeCutPoints(quantile, columns), columns);
    const RunScores two = ScoreAll(split, *ComputeCutPoints(split, columns), columns);
    const auto mean = [](const std::vector<uint8_t>& scores) {
      return std::accumulate(scores.begin(), scores.end(), 0.0) /
             static_cast<double>(scores.size());
    };
    for (size_t i = 0; i < columns.size(); ++i) {
      EXPECT_EQ(two.r[i] == 2, five.r[i] > mean(five.r));
      EXPECT_EQ(two.f[i] == 2, five.f[i] > mean(five.f));
      EXPECT_EQ(two.m[i] == 2, five.m[i] > mean(five.m));
    }
  }
}

TEST(ScoringTest, NobodyIsBetterThanTheCentreWhenAllScoresAreEqual) {
  for (const TiePolicy ties : {TiePolicy::kLow, TiePolicy::kHigh}) {
    RfmModelSpec spec = SpecOf(RfmMethod::kMeanSplit, "classic-8");
    spec.split_basis = SplitBasis::kScore;
    spec.tie_policy = ties;
    const RfmColumns columns = Columns(std::vector<RfmRow>(20, RfmRow{9, 4, 400}));
    const RunScores scores = ScoreAll(spec, *ComputeCutPoints(spec, columns), columns);
    EXPECT_THAT(scores.r, Each(1));
    EXPECT_THAT(scores.f, Each(1));
    EXPECT_THAT(scores.m, Each(1));
  }
}

TEST(ScoringTest, EqualCustomersGetEqualScoresWithEveryMethod) {
  struct Case {
    RfmModelSpec spec;
    std::string cell;
    double tie_sensitivity;
  };
  std::vector<Case> cases = {{SpecOf(RfmMethod::kQuantile, "growth-11"), "511", 1},
                             {SpecOf(RfmMethod::kQuantile, "growth-11"), "155", 1},
                             {SpecOf(RfmMethod::kRRfm, "r-rfm-10"), "511", 0},
                             {SpecOf(RfmMethod::kMeanSplit, "classic-8"), "111", 1},
                             {SpecOf(RfmMethod::kFixed, "growth-11"), "545", 0}};
  cases[1].spec.tie_policy = TiePolicy::kHigh;
  cases[4].spec.fixed_edges = {{10, 20, 30, 40}, {1, 2, 3, 5}, {100, 200, 300, 399}};
  for (const Case& c : cases) {
    for (const size_t customers : {1, 20}) {
      const RfmColumns columns = Columns(std::vector<RfmRow>(customers, RfmRow{9, 4, 400}));
      const RunScores scores = ScoreAll(c.spec, *ComputeCutPoints(c.spec, columns), columns);
      for (size_t i = 0; i < customers; ++i) {
        EXPECT_EQ(CellName(ScoreCount(c.spec), scores.At(i)), c.cell)
            << RfmMethodName(c.spec.method);
      }
      EXPECT_EQ(scores.tie_sensitivity, c.tie_sensitivity) << c.cell;
    }
  }
}

TEST(ScoringTest, RRfmAddsOneDayOneOrderAndOneMajorUnit) {
  RfmModelSpec spec = SpecOf(RfmMethod::kRRfm, "r-rfm-10");
  const RfmColumns columns = Columns(std::vector<RfmRow>(3, RfmRow{9, 4, 400}));
  const CutPoints cuts = *ComputeCutPoints(spec, columns);
  EXPECT_THAT(cuts.edges.recency_days, Each(10));
  EXPECT_THAT(cuts.edges.frequency_orders, Each(5));
  EXPECT_THAT(cuts.edges.monetary_minor, Each(500));
  spec.minor_units_per_major = 1;
  EXPECT_THAT(ComputeCutPoints(spec, columns)->edges.monetary_minor, Each(401));
}

TEST(ScoringTest, EqualAveragesGetEqualScores) {
  RfmModelSpec spec = SpecOf(RfmMethod::kQuantile, "growth-11");
  spec.monetary = MonetaryBasis::kAverage;
  RfmColumns columns;
  for (int32_t orders = 1; orders <= 99; ++orders) {
    columns.Append({orders, 3 * orders, 1000 * orders});  // 333.33... each
  }
  EXPECT_THAT(ScoreAll(spec, *ComputeCutPoints(spec, columns), columns).m, Each(1));
}

TEST(ScoringTest, RefusesToCutWithoutCustomers) {
  const auto cuts = ComputeCutPoints(RfmModelSpec(), RfmColumns());
  EXPECT_EQ(GetErrorReason(cuts.status()), "INSUFFICIENT_DATA");
}

TEST(ScoringTest, PartsCellsOfTenScores) {
  EXPECT_EQ(CellName(5, {5, 4, 5, 0}), "545");
  EXPECT_EQ(CellName(10, {10, 4, 5, 0}), "10.4.5");
}

TEST(ScoringTest, PutsUnscoredCustomersWhereTheRuleSetSays) {
  const RuleSet& growth = *FindRuleSet("growth-11");
  Population population;
  population.exclusion_counts = {0, 10, 1, 2, 3, 4, 100};
  RunScores scores;
  scores.totals.resize(growth.segments.size());
  AddUnscored(growth, population, scores);
  EXPECT_EQ(scores.totals[*FindSegment(growth, "PROSPECTS")].customers, 20);
  EXPECT_EQ(scores.totals[*FindSegment(growth, "DORMANT")].customers, 100);
  EXPECT_EQ(SegmentWithoutScore(*FindRuleSet("classic-8"), Exclusion::kOutOfWindow), std::nullopt);
  EXPECT_EQ(SegmentWithoutScore(*FindRuleSet("r-rfm-10"), Exclusion::kNoPurchase), std::nullopt);
  EXPECT_EQ(SegmentWithoutScore(*FindRuleSet("growth-11"), Exclusion::kDeleted), std::nullopt);
}

}  // namespace
}  // namespace clientele::segmentation
