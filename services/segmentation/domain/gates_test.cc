#include "services/segmentation/domain/gates.h"

#include "absl/strings/str_cat.h"
#include "common/status/error.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/segmentation/domain/errors.h"

namespace clientele::segmentation {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr absl::CivilDay kAsOf(2011, 12, 10);

// `buyers` that pass every gate: recency 1..30, one in ten frequent, different amounts.
Population Healthy(int buyers) {
  Population population;
  for (int i = 0; i < buyers; ++i) {
    population.columns.Append({1 + i % 30, i % 10 == 0 ? 3 : 1, 100 + i});
  }
  population.first_order_time =
      absl::FromCivil(absl::CivilSecond(kAsOf - 180), absl::UTCTimeZone()) + absl::Hours(12);
  return population;
}

std::vector<std::string> Failures(const RfmModelSpec& spec, const Population& population) {
  std::vector<std::string> failures;
  for (const FailedGate& failed : EvaluateGates(spec, OrderCounter(spec, kAsOf), population)) {
    failures.push_back(
        absl::StrCat(GateName(failed.gate), " ", failed.actual, "/", failed.required));
  }
  return failures;
}

TEST(GatesTest, PassesDataExactlyAtEveryThreshold) {
  Population population = Healthy(500);
  for (size_t i = 0; i < 500; ++i) {
    population.columns.recency_days[i] = 30 + static_cast<int32_t>(i % 9);
    population.columns.frequency[i] = i < 5 ? 3 : 2;
  }
  EXPECT_THAT(Failures(RfmModelSpec(), population), IsEmpty());
}

TEST(GatesTest, RefusesTooFewBuyers) {
  EXPECT_THAT(Failures(RfmModelSpec(), Healthy(499)), ElementsAre("BUYERS 499/500"));
}

TEST(GatesTest, RefusesTooShortAHistory) {
  Population population = Healthy(500);
  population.first_order_time += absl::Hours(24);
  EXPECT_THAT(Failures(RfmModelSpec(), population), ElementsAre("HISTORY_DAYS 179/180"));
}

TEST(GatesTest, RefusesStaleData) {
  Population population = Healthy(500);
  for (int32_t& days : population.columns.recency_days) {
    days += 30;
  }
  EXPECT_THAT(Failures(RfmModelSpec(), population), ElementsAre("LAST_ORDER_DAYS 31/30"));
}

TEST(GatesTest, RefusesWhenAlmostNobodyComesBack) {
  Population population = Healthy(500);
  for (size_t i = 0; i < 500; ++i) {
    population.columns.frequency[i] = i < 4 ? 3 : 1;
  }
  EXPECT_THAT(Failures(RfmModelSpec(), population), ElementsAre("REPEAT_BUYERS_BP 80/100"));
}

TEST(GatesTest, RefusesADimensionWithASingleValueUnlessEdgesAreFixed) {
  Population population = Healthy(500);
  std::fill(population.columns.recency_days.begin(), population.columns.recency_days.end(), 5);
  std::fill(population.columns.frequency.begin(), population.columns.frequency.end(), 3);
  std::fill(population.columns.revenue_minor.begin(), population.columns.revenue_minor.end(), 9);
  EXPECT_THAT(
      Failures(RfmModelSpec(), population),
      ElementsAre("DISTINCT_RECENCY 1/2", "DISTINCT_FREQUENCY 1/2", "DISTINCT_MONETARY 1/2"));
  RfmModelSpec fixed;
  fixed.method = RfmMethod::kFixed;
  EXPECT_THAT(Failures(fixed, population), IsEmpty());
}

TEST(GatesTest, ComparesAveragesWhereTheModelScoresAverages) {
  Population population = Healthy(500);
  for (size_t i = 0; i < 500; ++i) {
    population.columns.revenue_minor[i] = population.columns.frequency[i] * 250;
  }
  RfmModelSpec spec;
  EXPECT_THAT(Failures(spec, population), IsEmpty());
  spec.monetary = MonetaryBasis::kAverage;
  EXPECT_THAT(Failures(spec, population), ElementsAre("DISTINCT_MONETARY 1/2"));
}

TEST(GatesTest, ReportsOnlyTheBuyersWhenThereAreNone) {
  RfmModelSpec spec;
  EXPECT_THAT(Failures(spec, Population()), ElementsAre("BUYERS 0/500"));
  spec.gates.buyers_min = 0;
  EXPECT_THAT(Failures(spec, Population()), ElementsAre("BUYERS 0/1"));
}

TEST(GatesTest, InsufficientDataNamesEveryFailedGateWithItsNumbers) {
  const absl::Status status =
      InsufficientData({{Gate::kBuyers, 120, 500}, {Gate::kRepeatBuyersBp, 45, 100}});
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(status.message()), HasSubstr("only 120 buyers; 500 are required"));
  EXPECT_THAT(std::string(status.message()), HasSubstr("only 0.45 % of the buyers"));
  const auto details = GetErrorDetails(status);
  ASSERT_TRUE(details.has_value());
  EXPECT_EQ(details->reason, "INSUFFICIENT_DATA");
  EXPECT_EQ(details->metadata.at("gate"), "BUYERS");
  EXPECT_EQ(details->metadata.at("actual"), "120");
  EXPECT_EQ(details->metadata.at("required"), "500");
  EXPECT_EQ(details->precondition_violations.size(), 2u);
}

TEST(ErrorsTest, EachErrorHasItsCodeReasonAndIds) {
  struct Case {
    absl::Status status;
    absl::StatusCode code;
    std::string reason;
    std::string key;
    std::string value;
  };
  const std::vector<Case> cases = {
      {RfmModelNotFound("m-1", 3), absl::StatusCode::kNotFound, "RFM_MODEL_NOT_FOUND", "model_id",
       "m-1"},
      {RfmRunNotFound("r-1"), absl::StatusCode::kNotFound, "RFM_RUN_NOT_FOUND", "run_id", "r-1"},
      {RfmRunNotFinished("r-1", "RUNNING"), absl::StatusCode::kFailedPrecondition,
       "RFM_RUN_NOT_FINISHED", "state", "RUNNING"},
      {RfmRunEnded("r-1", "SUCCEEDED"), absl::StatusCode::kFailedPrecondition, "RFM_RUN_ENDED",
       "state", "SUCCEEDED"},
      {NoRfmRunSucceeded(), absl::StatusCode::kNotFound, "RFM_RUN_NOT_FOUND", "run_id", ""},
      {CurrencyRequired({"GBP", "USD"}), absl::StatusCode::kFailedPrecondition, "CURRENCY_REQUIRED",
       "currencies", "GBP, USD"},
      {RfmRunAttemptsExhausted("r-1", 3), absl::StatusCode::kResourceExhausted,
       "RFM_RUN_ATTEMPTS_EXHAUSTED", "attempt_count", "3"},
      {NoBuyers(500), absl::StatusCode::kFailedPrecondition, "INSUFFICIENT_DATA", "required",
       "500"},
      {NoBuyers(0), absl::StatusCode::kFailedPrecondition, "INSUFFICIENT_DATA", "required", "1"},
      {ScoreNotFound({.run_id = "r-1", .customer_id = "c-1"}), absl::StatusCode::kNotFound,
       "SCORE_NOT_FOUND", "customer_id", "c-1"},
  };
  for (const Case& c : cases) {
    EXPECT_EQ(c.status.code(), c.code) << c.reason;
    EXPECT_EQ(GetErrorReason(c.status), c.reason);
    EXPECT_EQ(GetErrorDetails(c.status)->metadata.at(c.key), c.value) << c.reason;
  }
}

}  // namespace
}  // namespace clientele::segmentation
