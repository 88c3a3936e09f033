#include "common/money/decimal.h"

#include <cstdint>
#include <limits>
#include <random>

#include "gtest/gtest.h"

namespace clientele {
namespace {

CurrencyCode Currency(absl::string_view code) { return CurrencyCode::Parse(code).value(); }

TEST(Decimal, ParsesExactlyIntoMicros) {
  EXPECT_EQ(ParseDecimalMicros("12.345").value(), 12'345'000);
  EXPECT_EQ(ParseDecimalMicros("0.001").value(), 1'000);
  EXPECT_EQ(ParseDecimalMicros("0.1").value(), 100'000);
  EXPECT_EQ(ParseDecimalMicros("7").value(), 7'000'000);
  EXPECT_EQ(ParseDecimalMicros("007.50").value(), 7'500'000);
  EXPECT_EQ(ParseDecimalMicros("-11062.06").value(), -11'062'060'000);
  EXPECT_EQ(ParseDecimalMicros("+1.000001").value(), 1'000'001);
  EXPECT_EQ(ParseDecimalMicros("-0.000001").value(), -1);
  EXPECT_EQ(ParseDecimalMicros("1.500000000").value(), 1'500'000);
  EXPECT_EQ(ParseDecimalMicros(".5").value(), 500'000);
  EXPECT_EQ(ParseDecimalMicros("-5.").value(), -5'000'000);
}

TEST(Decimal, ParsesToTheEdgeOf64BitsAndNotBeyond) {
  EXPECT_EQ(ParseDecimalMicros("9223372036854.775807").value(),
            std::numeric_limits<int64_t>::max());
  EXPECT_EQ(ParseDecimalMicros("-9223372036854.775808").value(),
            std::numeric_limits<int64_t>::min());
  EXPECT_FALSE(ParseDecimalMicros("9223372036854.775808").ok());
  EXPECT_FALSE(ParseDecimalMicros("-9223372036854.775809").ok());
  EXPECT_FALSE(ParseDecimalMicros(std::string(60, '9')).ok());
  EXPECT_FALSE(ParseDecimalMicros(std::string(65, '0')).ok());
}

TEST(Decimal, RefusesWhatIsNotAPlainDecimal) {
  for (const absl::string_view text :
       {"",    "-",   "+",         ".",        "-.",   "..5", "1.2.3", "1,000",
        "1e3", " 1",  "1 ",        "--1",      "-+1",  "+-1", "0x1",   "1.-5",
        "nan", "inf", "1.0000001", "\xd9\xa1", "1.5a", "a1.5"}) {
    EXPECT_EQ(ParseDecimalMicros(text).status().code(), absl::StatusCode::kInvalidArgument) << text;
  }
}

TEST(Decimal, FormatsWithTheDecimalPlacesOfTheCurrency) {
  EXPECT_EQ(FormatMinorUnits(891'140'790, Currency("GBP")), "8911407.90");
  EXPECT_EQ(FormatMinorUnits(5, Currency("GBP")), "0.05");
  EXPECT_EQ(FormatMinorUnits(-5, Currency("GBP")), "-0.05");
  EXPECT_EQ(FormatMinorUnits(0, Currency("GBP")), "0.00");
  EXPECT_EQ(FormatMinorUnits(1'200, Currency("JPY")), "1200");
  EXPECT_EQ(FormatMinorUnits(0, Currency("JPY")), "0");
  EXPECT_EQ(FormatMinorUnits(1'200, Currency("KWD")), "1.200");
}

TEST(Decimal, GroupsThousandsForPeople) {
  EXPECT_EQ(FormatMinorUnitsGrouped(891'140'790, Currency("GBP")), "8,911,407.90");
  EXPECT_EQ(FormatMinorUnitsGrouped(99'999, Currency("GBP")), "999.99");
  EXPECT_EQ(FormatMinorUnitsGrouped(-100'000, Currency("GBP")), "-1,000.00");
  EXPECT_EQ(FormatMinorUnitsGrouped(1'234'567, Currency("JPY")), "1,234,567");
  EXPECT_EQ(FormatMinorUnitsGrouped(std::numeric_limits<int64_t>::min(), Currency("GBP")),
            "-92,233,720,368,547,758.08");
}

TEST(Decimal, ParsesBackWhatItFormats) {
  std::mt19937_64 random(20260728);
  std::uniform_int_distribution<int64_t> amounts_minor(-900'000'000'000'000, 900'000'000'000'000);
  for (int i = 0; i < 10'000; ++i) {
    const int64_t minor = amounts_minor(random);
    EXPECT_EQ(ParseDecimalMicros(FormatMinorUnits(minor, Currency("GBP"))).value(), minor * 10'000);
  }
}

}  // namespace
}  // namespace clientele
