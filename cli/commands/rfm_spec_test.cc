#include "cli/commands/rfm_spec.h"

#include "common/status/error.h"
#include "gmock/gmock.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"

namespace clientele::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::StartsWith;

RfmSpecOptions FixedOptions() {
  RfmSpecOptions options;
  options.method = "fixed";
  options.rule_set = "growth-11";
  options.edges_recency = {"13.8", "33"};
  options.edges_frequency = {"1", "2"};
  options.edges_monetary = {"250.194", "490.096"};
  return options;
}

bool IsUsageError(const RfmSpecOptions& options) {
  return GetErrorReason(RfmSpecFromOptions(options).status()) == "USAGE";
}

TEST(RfmSpec, WritesEveryFlag) {
  RfmSpecOptions options;
  options.method = "r-rfm";
  options.bins = 5;
  options.monetary = "average";
  options.rule_set = "r-rfm-10";
  options.window_days = 365;
  options.currency = "USD";
  options.source = "RFM Orders";  // as import takes it
  options.time_zone = "Asia/Shanghai";
  const auto spec = RfmSpecFromOptions(options);
  ASSERT_TRUE(spec.ok()) << spec.status();
  std::string text;
  google::protobuf::TextFormat::PrintToString(*spec, &text);
  EXPECT_EQ(text, R"(method: RFM_METHOD_R_RFM
bins: 5
monetary: RFM_MONETARY_AVERAGE
window_days: 365
time_zone: "Asia/Shanghai"
currency_code: "USD"
source_system: "rfm-orders"
rule_set_id: "r-rfm-10"
)");
}

TEST(RfmSpec, FixedEdgesBecomeMinorUnitsExactly) {
  const auto spec = RfmSpecFromOptions(FixedOptions());
  ASSERT_TRUE(spec.ok()) << spec.status();
  EXPECT_EQ(spec->bins(), 3);
  EXPECT_THAT(spec->edges().recency_days(), ElementsAre(13.8, 33));
  EXPECT_THAT(spec->edges().monetary_minor(), ElementsAre(25019.4, 49009.6));
}

TEST(RfmSpec, MovesThePointByTheCurrencysDigits) {
  RfmSpecOptions options = FixedOptions();
  options.currency = "JPY";
  EXPECT_THAT(RfmSpecFromOptions(options)->edges().monetary_minor(), ElementsAre(250.194, 490.096));
  options.currency = "KWD";
  EXPECT_THAT(RfmSpecFromOptions(options)->edges().monetary_minor(), ElementsAre(250194, 490096));
}

TEST(RfmSpec, RefusesEdgesThatDoNotFit) {
  RfmSpecOptions options = FixedOptions();
  options.edges_frequency = {"1"};
  EXPECT_TRUE(IsUsageError(options));
  options = FixedOptions();
  options.bins = 5;
  EXPECT_TRUE(IsUsageError(options));
  options = FixedOptions();
  options.edges_recency = {"33", "13.8"};
  EXPECT_TRUE(IsUsageError(options));
  options = FixedOptions();
  options.edges_monetary = {"1e3", "nan"};
  EXPECT_TRUE(IsUsageError(options));
  options = FixedOptions();
  options.method = "quantile";
  EXPECT_TRUE(IsUsageError(options));
}

TEST(RfmSpec, MeanSplitHasTwoBins) {
  RfmSpecOptions options;
  options.method = "mean-split";
  options.rule_set = "classic-8";
  EXPECT_EQ(RfmSpecFromOptions(options)->bins(), 0);
  options.bins = 3;
  EXPECT_TRUE(IsUsageError(options));
}

TEST(RfmSpec, MajorUnitsAreTheShortestText) {
  EXPECT_EQ(MinorToMajor(25019.4, 2), 250.194);
  EXPECT_EQ(MinorToMajor(205842.6, 2), 2058.426);
  EXPECT_EQ(MinorToMajor(7, 2), 0.07);
  EXPECT_EQ(MinorToMajor(123, 0), 123);
}

TEST(RfmSpec, EqualSpecsHaveOneModel) {
  const auto spec = RfmSpecFromOptions(FixedOptions());
  auto other = *spec;
  EXPECT_EQ(RfmModelId(*spec), RfmModelId(other));
  EXPECT_THAT(RfmModelId(*spec), StartsWith("cli-"));
  other.set_window_days(30);
  EXPECT_NE(RfmModelId(*spec), RfmModelId(other));
}

}  // namespace
}  // namespace clientele::cli
