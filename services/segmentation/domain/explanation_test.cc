#include "services/segmentation/domain/explanation.h"

#include <array>
#include <random>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/segmentation/domain/scoring.h"

namespace clientele::segmentation {
namespace {

// The cut points of Online Retail at 2011-12-10.
CutPoints ShopCutPoints() {
  return {{{13.8, 33, 72, 180}, {1, 2, 3, 6}, {25019.4, 49009.6, 94227.6, 205842.6}}};
}

const ExplanationContext kContext = {
    .subject = "online-retail-12348", .model_id = "shop", .model_version = 3};

Explanation Explain(const RfmModelSpec& spec, Dimension dimension, const RfmRow& row) {
  return ExplainScore(kContext, spec, ShopCutPoints(), row)
      .dimensions[static_cast<size_t>(dimension)];
}

TEST(ExplanationTest, SaysWhatTheNextScoreTakes) {
  RfmModelSpec spec;
  spec.currency_code = "GBP";
  const ScoreExplanation explanation =
      ExplainScore(kContext, spec, ShopCutPoints(), {76, 4, 179724});
  EXPECT_EQ(explanation.segment.subject, "online-retail-12348");
  EXPECT_EQ(explanation.segment.outcome, "AT_RISK 244");
  EXPECT_EQ(explanation.segment.rule_id, "growth-11");
  EXPECT_EQ(explanation.segment.rule_version, 1);
  EXPECT_EQ(explanation.segment.next_outcome, "PREVIOUSLY_LOYAL 254");
  EXPECT_EQ(explanation.segment.distance_to_next, "F 4: 4 orders; 7 needed for 5.");
  const auto& [recency, frequency, monetary] = explanation.dimensions;
  EXPECT_EQ(recency.outcome, "R 2");
  EXPECT_EQ(recency.next_outcome, "R 3");
  EXPECT_EQ(recency.distance_to_next, "R 2: 76 days; 72 or fewer needed for 3.");
  EXPECT_EQ(frequency.rule_id, "shop");
  EXPECT_EQ(frequency.rule_version, 3);
  EXPECT_EQ(frequency.distance_to_next, "F 4: 4 orders; 7 needed for 5.");
  EXPECT_EQ(monetary.inputs[0].name, "monetary_minor");
  EXPECT_EQ(monetary.inputs[0].value, "179724");
  EXPECT_EQ(monetary.distance_to_next, "M 4: 1797.24 GBP; 2058.43 GBP needed for 5.");
}

TEST(ExplanationTest, HasNoNextOutcomeForTheBest) {
  const ScoreExplanation explanation =
      ExplainScore(kContext, RfmModelSpec(), ShopCutPoints(), {2, 73, 28020602});
  EXPECT_EQ(explanation.segment.outcome, "CHAMPIONS 555");
  EXPECT_EQ(explanation.segment.next_outcome, "");
  EXPECT_EQ(explanation.segment.distance_to_next, "");
  EXPECT_EQ(explanation.dimensions[0].next_outcome, "");
  EXPECT_EQ(explanation.dimensions[0].distance_to_next, "R 5: 2 days; nothing better.");
  EXPECT_EQ(explanation.dimensions[2].distance_to_next, "M 5: 280206.02 USD; nothing better.");
}

TEST(ExplanationTest, ASecondOrderTakesAOneOrderBuyerToTheGrid) {
  const Explanation explanation =
      ExplainScore(kContext, RfmModelSpec(), ShopCutPoints(), {40, 1, 300000}).segment;
  EXPECT_EQ(explanation.outcome, "NEEDS_ATTENTION 315");
  EXPECT_EQ(explanation.next_outcome, "LOYAL 325");
}

TEST(ExplanationTest, ShowsEveryEdgeAsACheck) {
  const Explanation recency = Explain(RfmModelSpec(), Dimension::kRecency, {76, 4, 179724});
  ASSERT_EQ(recency.checks.size(), 4u);
  EXPECT_EQ(recency.checks[0].name, "recency_days");
  EXPECT_EQ(recency.checks[0].actual, "76");
  EXPECT_EQ(recency.checks[0].comparison, "<=");
  EXPECT_EQ(recency.checks[0].threshold, "180");
  EXPECT_TRUE(recency.checks[0].passed);
  EXPECT_FALSE(recency.checks[1].passed);  // R 3: <= 72
  const Explanation frequency = Explain(RfmModelSpec(), Dimension::kFrequency, {76, 4, 179724});
  EXPECT_EQ(frequency.checks[3].comparison, ">");
  EXPECT_FALSE(frequency.checks[3].passed);
}

TEST(ExplanationTest, ShowsTheRuleThatMatched) {
  const Explanation segment =
      ExplainScore(kContext, RfmModelSpec(), ShopCutPoints(), {76, 4, 179724}).segment;
  std::vector<std::string> checks;
  for (const ExplanationCheck& check : segment.checks) {
    EXPECT_TRUE(check.passed);
    checks.push_back(
        absl::StrCat(check.name, " ", check.actual, " ", check.comparison, " ", check.threshold));
  }
  EXPECT_THAT(checks,
              ::testing::ElementsAre("recency_score 2 = 2", "frequency_monetary_score 4 >= 3",
                                     "frequency_monetary_score 4 <= 4", "frequency 4 >= 2"));
}

TEST(ExplanationTest, SaysThatEveryOrderLiesBeforeTheWindow) {
  RfmModelSpec spec;
  spec.window_days = 30;
  const ScoreExplanation growth = ExplainOutOfWindow(kContext, spec, 76);
  EXPECT_EQ(growth.segment.outcome, "DORMANT");
  EXPECT_EQ(growth.segment.checks[0].threshold, "30");
  EXPECT_FALSE(growth.segment.checks[0].passed);
  EXPECT_EQ(growth.dimensions[2].outcome, "OUT_OF_WINDOW");
  EXPECT_EQ(growth.dimensions[2].rule_id, "shop");
  spec.rule_set_id = "classic-8";
  EXPECT_EQ(ExplainOutOfWindow(kContext, spec, 76).segment.outcome, "OUT_OF_WINDOW");
}

TEST(ExplanationTest, WritesMoneyInTheMinorUnitsOfItsCurrency) {
  RfmModelSpec yen;
  yen.currency_code = "JPY";
  yen.minor_units_per_major = 1;
  EXPECT_EQ(Explain(yen, Dimension::kMonetary, {2, 9, 30000}).distance_to_next,
            "M 2: 30000 JPY; 49010 JPY needed for 3.");
  RfmModelSpec dinar;
  dinar.currency_code = "KWD";
  dinar.minor_units_per_major = 1000;
  EXPECT_EQ(Explain(dinar, Dimension::kMonetary, {2, 9, 30005}).distance_to_next,
            "M 2: 30.005 KWD; 49.010 KWD needed for 3.");
}

TEST(ExplanationTest, PassedChecksMakeTheScoreForEveryMethod) {
  std::mt19937 random(9);
  std::vector<RfmModelSpec> specs(4);
  specs[1].tie_policy = TiePolicy::kHigh;
  specs[2].method = RfmMethod::kRRfm;
  specs[2].rule_set_id = "r-rfm-10";
  specs[3].method = RfmMethod::kMeanSplit;
  specs[3].rule_set_id = "classic-8";
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
      const ScoreExplanation explanation = ExplainScore(kContext, spec, cuts, columns.At(i));
      std::array<int, 3> reached = {1, 1, 1};
      for (size_t d = 0; d < reached.size(); ++d) {
        for (const ExplanationCheck& check : explanation.dimensions[d].checks) {
          reached[d] += check.passed ? 1 : 0;
        }
      }
      EXPECT_THAT(reached, ::testing::ElementsAre(score.r, score.f, score.m));
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
    const ScoreExplanation explanation = ExplainScore(kContext, spec, cuts, row);
    EXPECT_THAT(explanation.dimensions[1].distance_to_next,
                ::testing::HasSubstr("F 2: 3 orders; 5 needed for 4."));
    EXPECT_EQ(ScoreOne(spec, cuts, {25, 4, 150}).f, 2);
    EXPECT_EQ(ScoreOne(spec, cuts, {25, 5, 150}).f, 4);
    const bool low = ties == TiePolicy::kLow;
    EXPECT_THAT(explanation.dimensions[0].distance_to_next,
                ::testing::HasSubstr(low ? "20 or fewer" : "19 or fewer"));
    EXPECT_EQ(ScoreOne(spec, cuts, {low ? 20 : 19, 3, 150}).r, 4);
    EXPECT_EQ(ScoreOne(spec, cuts, {low ? 21 : 20, 3, 150}).r, 3);
  }
}

}  // namespace
}  // namespace clientele::segmentation
