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

TEST(CustomerLookup, AsksEveryDefaultSource) {
  EXPECT_THAT(Asked("12346", ""),
              ElementsAre("online-retail:12346", "cdnow:12346", "rfm-orders:12346", "csv:12346"));
}

TEST(CustomerLookup, TakesASourceBeforeTheSpelling) {
  EXPECT_THAT(Asked("cdnow-4", ""), ElementsAre("online-retail:cdnow-4", "cdnow:cdnow-4", "cdnow:4",
                                                "rfm-orders:cdnow-4", "csv:cdnow-4"));
}

TEST(CustomerLookup, AsksOnlyTheGivenSource) {
  EXPECT_THAT(Asked("Abbey O'Reilly", "My Till"), ElementsAre("my-till:Abbey O'Reilly"));
}

TEST(CustomerLookup, DoesNotAskForWhatNoIdentifierCanBe) {
  EXPECT_THAT(Asked(std::string(201, 'x'), "till"), IsEmpty());
}

}  // namespace
}  // namespace clientele::cli
