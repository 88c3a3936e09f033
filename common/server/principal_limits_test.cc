#include "common/server/principal_limits.h"

#include <string>
#include <vector>

#include "common/time/clock.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace clientele::server {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

class PrincipalLimitsTest : public ::testing::Test {
 protected:
  static limits::RateTable Rates(const LimitsConfig& config) {
    const auto rates = ParseRates(config);
    EXPECT_TRUE(rates.ok()) << rates.status();
    return rates.value_or(limits::RateTable());
  }

  static std::string WhyNot(const std::string& entry) {
    return std::string(ParseRates({.principals = {entry}}).status().message());
  }

  // How many calls of `cost` go on before one has to wait, at most 1,000.
  static int CountGranted(PrincipalLimits& limits, absl::string_view principal, int64_t cost = 1) {
    int granted = 0;
    while (granted < 1'000 && limits.Take(principal, cost) == absl::ZeroDuration()) {
      ++granted;
    }
    return granted;
  }

  FakeClock clock_{absl::FromUnixSeconds(1'700'000'000)};
};

TEST_F(PrincipalLimitsTest, LimitsNobodyByDefault) {
  PrincipalLimits limits(Rates({}), std::nullopt, clock_);
  EXPECT_EQ(CountGranted(limits, "p", 1'000'000), 1'000);
}

TEST_F(PrincipalLimitsTest, LetsABurstThroughAndThenTheRate) {
  PrincipalLimits limits(Rates({.calls_per_second = 10}), std::nullopt, clock_);
  EXPECT_EQ(CountGranted(limits, "p"), 20);
  clock_.Advance(absl::Seconds(1));
  EXPECT_EQ(CountGranted(limits, "p"), 10);
  EXPECT_EQ(CountGranted(limits, "another"), 20);
}

TEST_F(PrincipalLimitsTest, CountsACallByItsCostAndOneAboveTheBurstAsTheBurst) {
  PrincipalLimits limits(Rates({.calls_per_second = 10, .burst = 30}), std::nullopt, clock_);
  EXPECT_EQ(CountGranted(limits, "p", 10), 3);
  EXPECT_EQ(CountGranted(limits, "another", 50), 1);
}

TEST_F(PrincipalLimitsTest, TakesBackWhatACallCouldNotUse) {
  PrincipalLimits limits(Rates({.calls_per_second = 10}), std::nullopt, clock_);
  EXPECT_EQ(CountGranted(limits, "p"), 20);
  limits.GiveBack("p", 2);
  EXPECT_EQ(CountGranted(limits, "p"), 2);
}

TEST_F(PrincipalLimitsTest, GivesSomePrincipalsARateOfTheirOwn) {
  PrincipalLimits limits(
      Rates({.calls_per_second = 10, .principals = {"import = 500 600", "token:a=b=3"}}),
      std::nullopt, clock_);
  EXPECT_EQ(CountGranted(limits, "import"), 600);
  EXPECT_EQ(CountGranted(limits, "token:a=b"), 6);
  EXPECT_EQ(CountGranted(limits, "p"), 20);
}

TEST_F(PrincipalLimitsTest, LimitsThoseAloneThatAreNamed) {
  PrincipalLimits limits(Rates({.principals = {"import=5"}}), std::nullopt, clock_);
  EXPECT_EQ(CountGranted(limits, "import"), 10);
  EXPECT_EQ(CountGranted(limits, "p"), 1'000);
}

TEST_F(PrincipalLimitsTest, TakesNewRatesWhileItWorks) {
  PrincipalLimits limits(Rates({}), std::nullopt, clock_);
  EXPECT_EQ(CountGranted(limits, "p"), 1'000);
  limits.SetRates(Rates({.calls_per_second = 10}));
  EXPECT_EQ(CountGranted(limits, "p"), 20);
  limits.SetRates(Rates({}));
  EXPECT_EQ(CountGranted(limits, "p"), 1'000);
}

TEST_F(PrincipalLimitsTest, SaysWhichEntryIsWrong) {
  for (const std::string entry :
       {"import", "import=", "=5", "import=0", "import=5 0", "import=5 6 7", "import=1000001"}) {
    EXPECT_THAT(WhyNot(entry), AllOf(HasSubstr("limits.principals"), HasSubstr(entry)));
  }
  EXPECT_THAT(std::string(ParseRates({.principals = {"a=1", "a=2"}}).status().message()),
              HasSubstr("a is there twice"));
}

}  // namespace
}  // namespace clientele::server
