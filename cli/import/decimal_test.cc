#include "cli/import/decimal.h"

#include <limits>

#include "gtest/gtest.h"

namespace clientele::cli {
namespace {

TEST(ParseDecimalMicros, ReadsDecimalsExactly) {
  EXPECT_EQ(ParseDecimalMicros("2.55"), 2'550'000);
  EXPECT_EQ(ParseDecimalMicros("0.001"), 1'000);
  EXPECT_EQ(ParseDecimalMicros("0.000001"), 1);
  EXPECT_EQ(ParseDecimalMicros("32"), 32'000'000);
  EXPECT_EQ(ParseDecimalMicros(".5"), 500'000);
  EXPECT_EQ(ParseDecimalMicros("5."), 5'000'000);
  EXPECT_EQ(ParseDecimalMicros("-11062.06"), -11'062'060'000);
  EXPECT_EQ(ParseDecimalMicros("+1"), 1'000'000);
  EXPECT_EQ(ParseDecimalMicros("-0"), 0);
}

TEST(ParseDecimalMicros, TakesMoreThanSixDecimalsOnlyAsZeros) {
  EXPECT_EQ(ParseDecimalMicros("1.1234560000"), 1'123'456);
  EXPECT_EQ(ParseDecimalMicros("1.1234567"), std::nullopt);
  EXPECT_EQ(ParseDecimalMicros("1.00000001"), std::nullopt);
}

TEST(ParseDecimalMicros, RefusesWhatIsNoPlainDecimal) {
  for (const char* text : {"", "-", "+", ".", "-.", "1e3", "1,000", " 1", "1 ", "1.2.3", "--1",
                           "0x1", "nan", "inf", "1.-5",
                           "\xC2\xA3"
                           "5"}) {
    EXPECT_EQ(ParseDecimalMicros(text), std::nullopt) << "'" << text << "'";
  }
}

TEST(ParseDecimalMicros, RefusesWhatDoesNotFit) {
  EXPECT_EQ(ParseDecimalMicros("9223372036854.775807"), std::numeric_limits<int64_t>::max());
  EXPECT_EQ(ParseDecimalMicros("9223372036854.775808"), std::nullopt);
  EXPECT_EQ(ParseDecimalMicros("9223372036855"), std::nullopt);
  EXPECT_EQ(ParseDecimalMicros("99999999999999999999999999"), std::nullopt);
}

TEST(DivideRoundingHalfUp, RoundsTheHalfUp) {
  EXPECT_EQ(DivideRoundingHalfUp(10, 4), 3);
  EXPECT_EQ(DivideRoundingHalfUp(9, 4), 2);
  EXPECT_EQ(DivideRoundingHalfUp(10, 3), 3);
  EXPECT_EQ(DivideRoundingHalfUp(11, 3), 4);
  EXPECT_EQ(DivideRoundingHalfUp(0, 7), 0);
}

}  // namespace
}  // namespace clientele::cli
