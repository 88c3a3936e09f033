#include "services/profile/domain/fact.h"

#include <algorithm>
#include <string>
#include <vector>

#include "gtest/gtest.h"

namespace clientele::profile {
namespace {

Fact MakeFact(const std::string& id, int64_t occur_s, int64_t record_s) {
  return Fact{.id = FactId(id),
              .attribute = Attribute::kLocality,
              .value = id,
              .origin = {.channel = CollectionChannel::kSurvey,
                         .source_system = "test",
                         .occur_time = absl::FromUnixSeconds(occur_s)},
              .record_time = absl::FromUnixSeconds(record_s)};
}

TEST(Supersedes, PrefersTheLaterOccurTimeOverTheLaterRecordTime) {
  EXPECT_TRUE(Supersedes(MakeFact("a", 20, 1), MakeFact("b", 10, 2)));
  EXPECT_FALSE(Supersedes(MakeFact("b", 10, 2), MakeFact("a", 20, 1)));
}

TEST(Supersedes, BreaksTiesByRecordTimeThenById) {
  EXPECT_TRUE(Supersedes(MakeFact("a", 10, 2), MakeFact("b", 10, 1)));
  EXPECT_TRUE(Supersedes(MakeFact("b", 10, 1), MakeFact("a", 10, 1)));
  EXPECT_FALSE(Supersedes(MakeFact("a", 10, 1), MakeFact("a", 10, 1)));
}

TEST(Supersedes, ShowsTheSameFactInEveryOrderOfArrival) {
  std::vector<Fact> facts = {MakeFact("a", 10, 4), MakeFact("b", 30, 1), MakeFact("c", 30, 2),
                             MakeFact("d", 30, 2), MakeFact("e", 20, 9)};
  std::vector<size_t> order = {0, 1, 2, 3, 4};
  do {
    Fact shown = facts[order[0]];
    for (size_t index : order) {
      if (Supersedes(facts[index], shown)) shown = facts[index];
    }
    EXPECT_EQ(shown.value, "d");
  } while (std::next_permutation(order.begin(), order.end()));
}

}  // namespace
}  // namespace clientele::profile
