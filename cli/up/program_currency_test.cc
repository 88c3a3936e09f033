#include "cli/up/program_currency.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace clientele::cli {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

TEST(ProgramCurrency, TakesWhatLoyaltyDoesAndListsItOtherwise) {
  EXPECT_EQ(ParseProgramCurrency("EUR")->ToString(), "EUR");
  // No currency; one that a loyalty server refuses.
  for (const char* text : {"", "eur", "XXX", "XAF"}) {
    const absl::Status status = ParseProgramCurrency(text).status();
    EXPECT_TRUE(absl::IsInvalidArgument(status)) << text;
    EXPECT_THAT(std::string(status.message()), AllOf(HasSubstr("EUR"), HasSubstr("USD"))) << text;
  }
}

}  // namespace
}  // namespace clientele::cli
