#include "services/complaints/domain/priority.h"

#include <tuple>
#include <vector>

#include "gtest/gtest.h"

namespace clientele::complaints {
namespace {

std::vector<PriorityInputs> EveryInput() {
  std::vector<PriorityInputs> inputs;
  for (const bool safety : {true, false}) {
    for (int severity = 1; severity <= 4; ++severity) {
      for (const Tier tier : {Tier::kPlatinum, Tier::kGold, Tier::kSilver, Tier::kBase, Tier::kNone,
                              Tier::kUnknown}) {
        inputs.push_back({safety, severity, tier});
      }
    }
  }
  return inputs;
}

TEST(Priority, IsLexicographicInSafetySeverityAndTier) {
  // EveryInput counts through the keys from the most urgent to the least.
  int previous = 0;
  for (const PriorityInputs& inputs : EveryInput()) {
    const int rank = PriorityRank(inputs);
    EXPECT_GT(rank, previous);
    previous = rank;
  }
}

TEST(Priority, RanksAreThoseOfTheTable) {
  EXPECT_EQ(PriorityRank({.safety = true, .severity = 1, .tier = Tier::kPlatinum}), 11);
  EXPECT_EQ(PriorityRank({.safety = true, .severity = 4, .tier = Tier::kUnknown}), 46);
  EXPECT_EQ(PriorityRank({.safety = false, .severity = 1, .tier = Tier::kGold}), 112);
  EXPECT_EQ(PriorityRank({.safety = false, .severity = 3, .tier = Tier::kNone}), 135);
  EXPECT_EQ(PriorityRank({.safety = false, .severity = 4, .tier = Tier::kUnknown}), 146);
}

TEST(Priority, TakesLoyaltysTiersByNameAndOthersByRank) {
  EXPECT_EQ(TierOf("PLATINUM", 3), Tier::kPlatinum);
  EXPECT_EQ(TierOf("GOLD", 0), Tier::kGold);
  EXPECT_EQ(TierOf("SILVER", 1), Tier::kSilver);
  EXPECT_EQ(TierOf("BASE", 0), Tier::kBase);
  EXPECT_EQ(TierOf("DIAMOND", 4), Tier::kPlatinum);
  EXPECT_EQ(TierOf("BRONZE", 1), Tier::kSilver);
  EXPECT_EQ(TierOf("NONE", 0), Tier::kBase);
}

}  // namespace
}  // namespace clientele::complaints
