#include "cli/client/customer_lookup.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace clientele::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<std::string> Asked(absl::string_view text, absl::string_view source) {
  std::vector<std::string> asked;
  const auto request = SpellingLookup(text, source);
  for (const auto& identifier : request.identifiers()) {
    EXPECT_EQ(identifier.type(), clientele::profile::v1::IDENTIFIER_TYPE_EXTERNAL);
    asked.push_back(absl::StrCat(identifier.system(), ":", identifier.value()));
  }
  return asked;
}

TEST(CustomerLookup, AsksEverySourceThereIs) {
  EXPECT_THAT(Asked("12346", ""), ElementsAre(":12346"));
}

TEST(CustomerLookup, TakesASourceBeforeTheSpelling) {
  EXPECT_THAT(Asked("my-shop-4", ""), ElementsAre(":my-shop-4", "my:shop-4", "my-shop:4"));
  EXPECT_THAT(Asked("My-4--x-", ""), ElementsAre(":My-4--x-"));
  EXPECT_THAT(Asked("cdnow-4", "cdnow"), ElementsAre("cdnow:cdnow-4", "cdnow:4"));
  EXPECT_THAT(Asked(std::string(60, '-') + "x", ""), ElementsAre(":" + std::string(60, '-') + "x"));
}

TEST(CustomerLookup, AsksOnlyTheGivenSource) {
  EXPECT_THAT(Asked("Abbey O'Reilly", "My Till"), ElementsAre("my-till:Abbey O'Reilly"));
}

TEST(CustomerLookup, DoesNotAskForWhatNoIdentifierCanBe) {
  EXPECT_THAT(Asked(std::string(201, 'x'), "till"), IsEmpty());
  EXPECT_THAT(Asked("", ""), IsEmpty());
}

}  // namespace
}  // namespace clientele::cli
