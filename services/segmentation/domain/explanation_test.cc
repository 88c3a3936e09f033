#include "services/segmentation/domain/explanation.h"

#include <map>
#include <random>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/segmentation/domain/scoring.h"

namespace clientele::segmentation {
namespace {

// The cut points of Online Retail at 2011-12-10.
CutPoints ShopCutPoints() {
  return {{{13.8, 33, 72, 180}, {1, 2, 3, 6}, {25019.4, 49009.6, 94227.6, 205842.6}}};
}

TEST(ExplanationTest, SaysWhatTheNextScoreTakes) {
  RfmModelSpec spec;
  spec.currency_code = "GBP";
  const Explanation explanation =
      ExplainScore("online-retail-12348", spec, ShopCutPoints(), {76, 4, 179724});
  EXPECT_EQ(explanation.subject, "online-retail-12348");
  EXPECT_EQ(explanation.outcome, "AT_RISK");
  EXPECT_EQ(explanation.rule_id, "growth-11");
  EXPECT_EQ(explanation.rule_version, 1);
  EXPECT_EQ(explanation.distance_to_next,
            "R 2: 76 days; 72 or fewer needed for 3. F 4: 4 orders; 7 needed for 5. "
            "M 4: 1797.24 GBP; 2058.43 GBP needed for 5.");
  EXPECT_EQ(explanation.next_outcome, "254 PREVIOUSLY_LOYAL");
}

TEST(ExplanationTest, HasNoNextOutcomeForTheBest) {
  const Explanation explanation =
      ExplainScore("x", RfmModelSpec(), ShopCutPoints(), {2, 73, 28020602});
  EXPECT_EQ(explanation.outcome, "CHAMPIONS");
  EXPECT_EQ(explanation.next_outcome, "");
  EXPECT_EQ(explanation.distance_to_next,
            "R 5: 2 days; nothing better. F 5: 73 orders; nothing better. "
            "M 5: 280206.02 USD; nothing better.");
}

TEST(ExplanationTest, ASecondOrderTakesAOneOrderBuyerToTheGrid) {
  const Explanation explanation =
      ExplainScore("x", RfmModelSpec(), ShopCutPoints(), {40, 1, 300000});
  EXPECT_EQ(explanation.outcome, "NEEDS_ATTENTION");
  EXPECT_EQ(explanation.next_outcome, "325 LOYAL");
}

TEST(ExplanationTest, ShowsEveryEdgeAsACheck) {
  const Explanation explanation =
      ExplainScore("x", RfmModelSpec(), ShopCutPoints(), {76, 4, 179724});
  ASSERT_EQ(explanation.checks.size(), 12u);
  EXPECT_EQ(explanation.checks[0].name, "R 2");
  EXPECT_EQ(explanation.checks[0].actual, "76");
  EXPECT_EQ(explanation.checks[0].comparison, "<=");
  EXPECT_EQ(explanation.checks[0].threshold, "180");
  EXPECT_TRUE(explanation.checks[0].passed);
  EXPECT_FALSE(explanation.checks[1].passed);  // R 3: <= 72
  EXPECT_EQ(explanation.checks[7].name, "F 5");
  EXPECT_EQ(explanation.checks[7].comparison, ">");
  EXPECT_FALSE(explanation.checks[7].passed);
  EXPECT_EQ(explanation.inputs.back().value, "244");
}

TEST(ExplanationTest, WritesMoneyInTheMinorUnitsOfItsCurrency) {
  RfmModelSpec yen;
  yen.currency_code = "JPY";
  yen.minor_units_per_major = 1;
  EXPECT_THAT(ExplainScore("x", yen, ShopCutPoints(), {2, 9, 30000}).distance_to_next,
              ::testing::EndsWith("M 2: 30000 JPY; 49010 JPY needed for 3."));
  RfmModelSpec dinar;
  dinar.currency_code = "KWD";
  dinar.minor_units_per_major = 1000;
  EXPECT_THAT(ExplainScore("x", dinar, ShopCutPoints(), {2, 9, 30005}).distance_to_next,
              ::testing::EndsWith("M 2: 30.005 KWD; 49.010 KWD needed for 3."));
}

TEST(ExplanationTest, PassedChecksMakeTheScoreForEveryMethod) {
  std::mt19937 random(9);
  std::vector<RfmModelSpec> specs(4);
  specs[1].tie_policy = TiePolicy::kHigh;
  specs[2].method = RfmMethod::kRRfm;
  specs[2].rule_set = "r-rfm-10";
  specs[3].method = RfmMethod::kMeanSplit;
  specs[3].rule_set = "classic-8";
  RfmColumns columns;
  for (int i = 0; i < 400; ++i) {
    const auto pick = [&random](int low, int high) {
      return std::uniform_int_distribution<int>(low, high)(random);
    };
    columns.Append({pick(1, 60), pick(1, 8), pick(0, 900)});
  }
  for (const RfmModelSpec& spec : specs) {
    const CutPoints cuts = *ComputeCutPoints(spec, columns);
    for (size_t i = 0; i < columns.size(); ++i) {
      const Score score = ScoreOne(spec, cuts, columns.At(i));
      std::map<char, int> reached = {{'R', 1}, {'F', 1}, {'M', 1}};
      for (const ExplanationCheck& check : ExplainScore("x", spec, cuts, columns.At(i)).checks) {
        reached[check.name[0]] += check.passed ? 1 : 0;
      }
      EXPECT_EQ(reached['R'], score.r);
      EXPECT_EQ(reached['F'], score.f);
      EXPECT_EQ(reached['M'], score.m);
    }
  }
}

// Whatever it says is needed must give what it says it gives, and one less must not.
TEST(ExplanationTest, OneOrderLessThanNeededDoesNotRaiseF) {
  for (const TiePolicy ties : {TiePolicy::kLow, TiePolicy::kHigh}) {
    RfmModelSpec spec;
    spec.tie_policy = ties;
    const CutPoints cuts = {{{10, 20, 30, 40}, {2, 4.5, 4.5, 8}, {100, 200, 300, 400}}};
    const RfmRow row{25, 3, 150};
    const std::string distance = ExplainScore("x", spec, cuts, row).distance_to_next;
    EXPECT_THAT(distance, ::testing::HasSubstr("F 2: 3 orders; 5 needed for 4."));
    EXPECT_EQ(ScoreOne(spec, cuts, {25, 4, 150}).f, 2);
    EXPECT_EQ(ScoreOne(spec, cuts, {25, 5, 150}).f, 4);
    const bool low = ties == TiePolicy::kLow;
    EXPECT_THAT(distance, ::testing::HasSubstr(low ? "20 or fewer" : "19 or fewer"));
    EXPECT_EQ(ScoreOne(spec, cuts, {low ? 20 : 19, 3, 150}).r, 4);
    EXPECT_EQ(ScoreOne(spec, cuts, {low ? 21 : 20, 3, 150}).r, 3);
  }
}

}  // namespace
}  // namespace clientele::segmentation
