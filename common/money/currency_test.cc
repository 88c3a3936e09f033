#include "common/money/currency.h"

#include "gtest/gtest.h"

namespace clientele {
namespace {

int DigitsOf(absl::string_view code) { return MinorUnitDigits(CurrencyCode::Parse(code).value()); }

TEST(Currency, AcceptsPresentAndPastCurrencies) {
  for (const absl::string_view code : {"GBP", "USD", "EUR", "JPY", "CHF", "XOF", "DEM", "CLF"}) {
    const absl::StatusOr<CurrencyCode> currency = CurrencyCode::Parse(code);
    ASSERT_TRUE(currency.ok()) << code;
    EXPECT_EQ(currency->ToString(), code);
  }
}

TEST(Currency, RefusesWhatIsNoCurrencyOfIso4217) {
  for (const absl::string_view code : {"", "EU", "EURO", "eur", "Eur", "ABC", "ZZZ", "E R", "123",
                                       "XXX", "XTS", "XAU", "\xc3\x84X"}) {
    const absl::Status status = CurrencyCode::Parse(code).status();
    EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << code;
  }
}

TEST(Currency, KnowsTheDecimalPlacesOfIso4217) {
  EXPECT_EQ(DigitsOf("GBP"), 2);
  EXPECT_EQ(DigitsOf("JPY"), 0);
  EXPECT_EQ(DigitsOf("KWD"), 3);
  EXPECT_EQ(DigitsOf("CLF"), 4);
}

TEST(Currency, DoesNotFollowPrintingCustomsWhereTheyDifferFromIso4217) {
  EXPECT_EQ(DigitsOf("RSD"), 2);
  EXPECT_EQ(DigitsOf("IQD"), 3);
}

TEST(Currency, ComparesByItsLetters) {
  EXPECT_EQ(CurrencyCode::Parse("EUR").value(), CurrencyCode::Parse("EUR").value());
  EXPECT_LT(CurrencyCode::Parse("EUR").value(), CurrencyCode::Parse("USD").value());
}

}  // namespace
}  // namespace clientele
