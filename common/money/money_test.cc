#include "common/money/money.h"

#include <cstdint>
#include <limits>

#include "common/status/error.h"
#include "gtest/gtest.h"

namespace clientele {
namespace {

constexpr int64_t kInt64Max = std::numeric_limits<int64_t>::max();
constexpr int64_t kInt64Min = std::numeric_limits<int64_t>::min();

CurrencyCode Currency(absl::string_view code) { return CurrencyCode::Parse(code).value(); }
Money Pounds(int64_t pence) { return {pence, Currency("GBP")}; }

TEST(Money, AddsSubtractsAndMultiplies) {
  EXPECT_EQ(Add(Pounds(1'050), Pounds(-51)).value(), Pounds(999));
  EXPECT_EQ(Subtract(Pounds(1'050), Pounds(51)).value(), Pounds(999));
  EXPECT_EQ(Multiply(Pounds(-333), 3).value(), Pounds(-999));
}

TEST(Money, RefusesToMixCurrencies) {
  const Money dollars = {1, Currency("USD")};
  EXPECT_EQ(GetErrorReason(Add(Pounds(1), dollars).status()), "CURRENCY_MISMATCH");
  EXPECT_EQ(GetErrorReason(Subtract(Pounds(1), dollars).status()), "CURRENCY_MISMATCH");
}

TEST(Money, ReachesItsBoundsAndNotBeyond) {
  EXPECT_EQ(AddMinor(kAmountMinorMax - 1, 1).value(), kAmountMinorMax);
  EXPECT_EQ(SubtractMinor(1 - kAmountMinorMax, 1).value(), -kAmountMinorMax);
  EXPECT_EQ(MultiplyMinor(kAmountMinorMax / 4, -4).value(), -kAmountMinorMax);
  EXPECT_EQ(GetErrorReason(AddMinor(kAmountMinorMax, 1).status()), "AMOUNT_OUT_OF_RANGE");
  EXPECT_EQ(GetErrorReason(SubtractMinor(-kAmountMinorMax, 1).status()), "AMOUNT_OUT_OF_RANGE");
  EXPECT_EQ(GetErrorReason(MultiplyMinor(kInt64Min, kInt64Min).status()), "AMOUNT_OUT_OF_RANGE");
  EXPECT_EQ(GetErrorReason(Add(Pounds(kInt64Max), Pounds(kInt64Max)).status()),
            "AMOUNT_OUT_OF_RANGE");
}

TEST(LineAmount, RoundsHalfAwayFromZero) {
  const CurrencyCode gbp = Currency("GBP");
  EXPECT_EQ(LineAmountMinor(6, 2'550'000, gbp).value(), 1'530);
  EXPECT_EQ(LineAmountMinor(1, 4'999, gbp).value(), 0);
  EXPECT_EQ(LineAmountMinor(1, 5'000, gbp).value(), 1);
  EXPECT_EQ(LineAmountMinor(1, 14'999, gbp).value(), 1);
  EXPECT_EQ(LineAmountMinor(-1, 4'999, gbp).value(), 0);
  EXPECT_EQ(LineAmountMinor(-1, 5'000, gbp).value(), -1);
  EXPECT_EQ(LineAmountMinor(3, -5'000, gbp).value(), -2);
  EXPECT_EQ(LineAmountMinor(0, 5'000, gbp).value(), 0);
}

TEST(LineAmount, RoundsOnceForTheLineAndNotPerPiece) {
  EXPECT_EQ(LineAmountMinor(1'000, 1'000, Currency("GBP")).value(), 100);
}

TEST(LineAmount, FollowsTheMinorUnitOfTheCurrency) {
  EXPECT_EQ(LineAmountMinor(1, 1'500'000, Currency("JPY")).value(), 2);
  EXPECT_EQ(LineAmountMinor(1, 1'500'500, Currency("KWD")).value(), 1'501);
  EXPECT_EQ(LineAmountMinor(1, 1'500'050, Currency("CLF")).value(), 15'001);
}

TEST(LineAmount, RefusesWhatDoesNotFit) {
  const CurrencyCode gbp = Currency("GBP");
  EXPECT_EQ(LineAmountMinor(kAmountMinorMax, 10'000, gbp).value(), kAmountMinorMax);
  EXPECT_EQ(GetErrorReason(LineAmountMinor(kAmountMinorMax, 10'001, gbp).status()),
            "AMOUNT_OUT_OF_RANGE");
  EXPECT_EQ(GetErrorReason(LineAmountMinor(kInt64Min, kInt64Min, gbp).status()),
            "AMOUNT_OUT_OF_RANGE");
  EXPECT_EQ(GetErrorReason(LineAmountMinor(kInt64Min, kInt64Max, gbp).status()),
            "AMOUNT_OUT_OF_RANGE");
}

}  // namespace
}  // namespace clientele
