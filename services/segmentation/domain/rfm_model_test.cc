#include "services/segmentation/domain/rfm_model.h"

#include <functional>
#include <limits>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace clientele::segmentation {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<std::string> FieldsOf(const RfmModelSpec& spec) {
  std::vector<std::string> fields;
  const Violations violations = ValidateSpec(spec);
  for (const FieldViolation& violation : violations.all()) {
    fields.push_back(violation.field);
  }
  return fields;
}

RfmModelSpec FixedSpec() {
  RfmModelSpec spec;
  spec.method = RfmMethod::kFixed;
  spec.fixed_edges = {{7, 30, 90, 180}, {1, 2, 3, 6}, {1000, 5000, 10000, 50000}};
  return spec;
}

TEST(RfmModelTest, AcceptsTheDefaultModel) { EXPECT_THAT(FieldsOf(RfmModelSpec()), IsEmpty()); }

TEST(RfmModelTest, AcceptsEveryMethodWithItsRuleSet) {
  EXPECT_THAT(FieldsOf(FixedSpec()), IsEmpty());
  RfmModelSpec r_rfm;
  r_rfm.method = RfmMethod::kRRfm;
  r_rfm.rule_set_id = "r-rfm-10";
  EXPECT_THAT(FieldsOf(r_rfm), IsEmpty());
  RfmModelSpec split;
  split.method = RfmMethod::kMeanSplit;
  split.rule_set_id = "classic-8";
  EXPECT_THAT(FieldsOf(split), IsEmpty());
  split.split_basis = SplitBasis::kScore;
  split.tie_policy = TiePolicy::kHigh;
  EXPECT_THAT(FieldsOf(split), IsEmpty());
}

TEST(RfmModelTest, RefusesARuleSetWhoseMethodOrBinsDoNotFit) {
  RfmModelSpec quantile_with_classic;
  quantile_with_classic.rule_set_id = "classic-8";
  EXPECT_THAT(FieldsOf(quantile_with_classic), ElementsAre("rule_set_id"));

  RfmModelSpec four_bins;
  four_bins.bins = 4;
  EXPECT_THAT(FieldsOf(four_bins), ElementsAre("bins"));

  RfmModelSpec split_with_growth;
  split_with_growth.method = RfmMethod::kMeanSplit;
  EXPECT_THAT(FieldsOf(split_with_growth), ElementsAre("rule_set_id"));

  RfmModelSpec unknown;
  unknown.rule_set_id = "growth-12";
  EXPECT_THAT(FieldsOf(unknown), ElementsAre("rule_set_id"));
}

TEST(RfmModelTest, RefusesEachBadFieldByItsPath) {
  struct Case {
    std::string field;
    std::function<void(RfmModelSpec&)> spoil;
  };
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const std::vector<Case> cases = {
      {"bins", [](RfmModelSpec& s) { s.bins = 1; }},
      {"bins", [](RfmModelSpec& s) { s.bins = 11; }},
      {"window_days", [](RfmModelSpec& s) { s.window_days = 0; }},
      {"window_days", [](RfmModelSpec& s) { s.window_days = kWindowDaysMax + 1; }},
      {"time_zone", [](RfmModelSpec& s) { s.time_zone = ""; }},
      {"currency_code", [](RfmModelSpec& s) { s.currency_code = "usd"; }},
      {"currency_code", [](RfmModelSpec& s) { s.minor_units_per_major = 7; }},
      {"source_system", [](RfmModelSpec& s) { s.source_system = ""; }},
      {"source_system", [](RfmModelSpec& s) { s.source_system = std::string(64, 'x'); }},
      {"source_system", [](RfmModelSpec& s) { s.source_system = "-shop"; }},
      {"source_system", [](RfmModelSpec& s) { s.source_system = "Shop"; }},
      {"edges.recency_days", [](RfmModelSpec& s) { s.fixed_edges.recency_days.pop_back(); }},
      {"edges.recency_days", [](RfmModelSpec& s) { s.fixed_edges.recency_days[1] = 7; }},
      {"edges.frequency", [=](RfmModelSpec& s) { s.fixed_edges.frequency_orders[0] = nan; }},
      {"edges.frequency", [](RfmModelSpec& s) { s.fixed_edges.frequency_orders[0] = -1; }},
      {"edges.monetary_minor", [](RfmModelSpec& s) { s.fixed_edges.monetary_minor[3] = 1e300; }},
      {"gates.buyers_min", [](RfmModelSpec& s) { s.gates.buyers_min = -1; }},
      {"gates.history_days_min", [](RfmModelSpec& s) { s.gates.history_days_min = -1; }},
      {"gates.last_order_days_max", [](RfmModelSpec& s) { s.gates.last_order_days_max = 0; }},
      {"gates.repeat_buyers_bp_min", [](RfmModelSpec& s) { s.gates.repeat_buyers_bp_min = 10001; }},
  };
  for (const Case& c : cases) {
    RfmModelSpec spec = FixedSpec();
    c.spoil(spec);
    EXPECT_THAT(FieldsOf(spec), ElementsAre(c.field));
  }
}

TEST(RfmModelTest, RefusesEdgesOfAMethodThatMakesItsOwn) {
  RfmModelSpec spec;
  spec.fixed_edges.monetary_minor = {1, 2, 3, 4};
  EXPECT_THAT(FieldsOf(spec), ElementsAre("edges.monetary_minor"));
}

TEST(RfmModelTest, RefusesATiePolicyWhereTheMethodDefinesTies) {
  RfmModelSpec spec;
  spec.tie_policy = TiePolicy::kHigh;
  EXPECT_THAT(FieldsOf(spec), IsEmpty());
  spec.method = RfmMethod::kRRfm;
  spec.rule_set_id = "r-rfm-10";
  EXPECT_THAT(FieldsOf(spec), ElementsAre("tie_policy"));
}

TEST(RfmModelTest, ReportsEveryViolationAtOnce) {
  RfmModelSpec spec;
  spec.bins = 0;
  spec.window_days = -1;
  spec.currency_code = "?";
  EXPECT_THAT(FieldsOf(spec), ElementsAre("bins", "window_days", "currency_code"));
}

}  // namespace
}  // namespace clientele::segmentation
