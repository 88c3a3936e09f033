#include "services/loyalty/domain/program.h"

#include "common/time/civil.h"
#include "common/time/timestamp.h"
#include "gtest/gtest.h"

namespace clientele::loyalty {
namespace {

Program InCurrency(const char* code) {
  return DefaultProgram(*CurrencyCode::Parse(code), absl::UTCTimeZone());
}

absl::Time At(const char* text) { return *ParseRfc3339(text); }

TEST(ProgramTest, TiersBeginAtTheirThresholdInMinorUnits) {
  const Program program = InCurrency("GBP");
  EXPECT_EQ(program.RankOf(-1), 0);
  EXPECT_EQ(program.RankOf(99'999), 0);
  EXPECT_EQ(program.RankOf(100'000), 1);
  EXPECT_EQ(program.RankOf(499'999), 1);
  EXPECT_EQ(program.RankOf(500'000), 2);
  EXPECT_EQ(program.RankOf(1'999'999), 2);
  EXPECT_EQ(program.RankOf(2'000'000), 3);
  EXPECT_EQ(program.tiers[program.RankOf(2'000'000)].name, "PLATINUM");
}

TEST(ProgramTest, CountsInTheDecimalsOfTheCurrency) {
  EXPECT_EQ(InCurrency("JPY").minor_per_major(), 1);
  EXPECT_EQ(InCurrency("JPY").RankOf(1'000), 1);
  EXPECT_EQ(InCurrency("KWD").minor_per_major(), 1'000);
  EXPECT_EQ(InCurrency("KWD").RankOf(999'999), 0);
}

TEST(ProgramTest, MonthsKeepTheTimeOfDayAndClampToTheEndOfTheMonth) {
  const absl::TimeZone utc = absl::UTCTimeZone();
  EXPECT_EQ(AddMonths(At("2010-12-01T08:26:00.5Z"), 24, utc), At("2012-12-01T08:26:00.5Z"));
  EXPECT_EQ(AddMonths(At("2012-02-29T23:59:59Z"), 24, utc), At("2014-02-28T23:59:59Z"));
  EXPECT_EQ(AddMonths(At("2010-10-31T00:00:00Z"), 1, utc), At("2010-11-30T00:00:00Z"));
  EXPECT_EQ(AddMonths(At("2010-02-28T00:00:00Z"), 24, utc), At("2012-02-28T00:00:00Z"));
}

TEST(ProgramTest, MonthsAreThoseOfTheZone) {
  const absl::TimeZone london = *LoadTimeZone("Europe/London");
  // 23:30 UTC of 31 May is 1 June in London.
  EXPECT_EQ(AddMonths(At("2011-05-31T23:30:00Z"), 1, london), At("2011-06-30T23:30:00Z"));
  // Noon stays noon when the clocks change.
  EXPECT_EQ(AddMonths(At("2011-02-10T12:00:00Z"), 2, london), At("2011-04-10T11:00:00Z"));
}

}  // namespace
}  // namespace clientele::loyalty
