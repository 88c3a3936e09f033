#include "services/segmentation/domain/rule_set.h"

#include <functional>
#include <set>
#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace clientele::segmentation {
namespace {

using ::testing::AllOf;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::IsEmpty;
using ::testing::Not;

std::string SegmentOf(const RuleSet& rules, const Cell& cell) {
  return std::string(rules.segments[MatchSegment(rules, cell)].id);
}

void ForEachCell(const RuleSet& rules, const std::function<void(const Cell&)>& visit) {
  for (int r = 1; r <= rules.score_count; ++r) {
    for (int f = 1; f <= rules.score_count; ++f) {
      for (int m = 1; m <= rules.score_count; ++m) {
        for (const int32_t orders : {1, 2, 1000}) {
          visit(Cell{static_cast<uint8_t>(r), static_cast<uint8_t>(f), static_cast<uint8_t>(m),
                     orders});
        }
      }
    }
  }
}

int CountMatches(const RuleSet& rules, const Cell& cell) {
  int matches = 0;
  for (const SegmentRule& rule : rules.rules) {
    matches += rule.r.Contains(cell.r) && rule.f.Contains(cell.f) && rule.m.Contains(cell.m) &&
               rule.fm.Contains((cell.f + cell.m + 1) / 2) && rule.orders.Contains(cell.orders);
  }
  return matches;
}

TEST(RuleSetTest, FindsTheThreeBuiltInSetsAndNoOther) {
  for (const absl::string_view id : {"classic-8", "growth-11", "r-rfm-10"}) {
    ASSERT_NE(FindRuleSet(id), nullptr) << id;
    EXPECT_EQ(FindRuleSet(id)->id, id);
  }
  EXPECT_EQ(FindRuleSet("classic"), nullptr);
  EXPECT_EQ(BuiltInRuleSets().size(), 3u);
}

TEST(RuleSetTest, EveryCellOfClassicAndGrowthMatchesExactlyOneRule) {
  for (const absl::string_view id : {"classic-8", "growth-11"}) {
    const RuleSet& rules = *FindRuleSet(id);
    ForEachCell(rules, [&rules](const Cell& cell) {
      EXPECT_EQ(CountMatches(rules, cell), 1)
          << rules.id << " " << int{cell.r} << int{cell.f} << int{cell.m} << " " << cell.orders;
    });
  }
}

TEST(RuleSetTest, EveryCellOfEverySetHasASegmentAndTheTableAgrees) {
  for (const RuleSet& rules : BuiltInRuleSets()) {
    const SegmentTable table(rules);
    ForEachCell(rules, [&](const Cell& cell) {
      const SegmentIndex segment = MatchSegment(rules, cell);
      EXPECT_LT(segment, rules.segments.size());
      EXPECT_EQ(table.Find(cell), segment) << rules.id;
    });
  }
}

TEST(RuleSetTest, EverySegmentIsReachable) {
  for (const RuleSet& rules : BuiltInRuleSets()) {
    std::set<SegmentIndex> reached;
    ForEachCell(rules, [&](const Cell& cell) { reached.insert(MatchSegment(rules, cell)); });
    if (rules.without_order.has_value()) {
      reached.insert(*rules.without_order);
    }
    EXPECT_EQ(reached.size(), rules.segments.size()) << rules.id;
  }
}

TEST(RuleSetTest, EverySegmentIsNamedInBothLanguagesWithAStrategy) {
  for (const RuleSet& rules : BuiltInRuleSets()) {
    EXPECT_GE(rules.version, 1);
    EXPECT_THAT(rules.segments, Each(AllOf(Field(&Segment::name_en, Not(IsEmpty())),
                                           Field(&Segment::name_zh, Not(IsEmpty())),
                                           Field(&Segment::strategy, Not(IsEmpty())))));
    std::set<absl::string_view> ids;
    for (const Segment& segment : rules.segments) {
      EXPECT_TRUE(ids.insert(segment.id).second) << segment.id;
      EXPECT_EQ(&rules.segments[*FindSegment(rules, segment.id)], &segment);
    }
  }
  EXPECT_EQ(FindSegment(*FindRuleSet("classic-8"), "CHAMPIONS"), std::nullopt);
}

// The tables below repeat the design on purpose: they are the second, independent transcription.

TEST(RuleSetTest, ClassicNamesTheEightCells) {
  const RuleSet& rules = *FindRuleSet("classic-8");
  const auto name = [&rules](uint8_t r, uint8_t f, uint8_t m) {
    return std::string(rules.segments[MatchSegment(rules, Cell{r, f, m, 3})].name_zh);
  };
  EXPECT_EQ(name(2, 2, 2), "重要价值");
  EXPECT_EQ(name(2, 1, 2), "重要发展");
  EXPECT_EQ(name(1, 2, 2), "重要保持");
  EXPECT_EQ(name(1, 1, 2), "重要挽留");
  EXPECT_EQ(name(2, 2, 1), "一般价值");
  EXPECT_EQ(name(2, 1, 1), "一般发展");
  EXPECT_EQ(name(1, 2, 1), "一般保持");
  EXPECT_EQ(name(1, 1, 1), "一般挽留");
}

TEST(RuleSetTest, GrowthFollowsItsGridForTwoOrdersOrMore) {
  const RuleSet& rules = *FindRuleSet("growth-11");
  const char* grid[5][5] = {
      // [R - 1][FM - 1]
      {"DORMANT", "DORMANT", "ALMOST_LOST", "AT_RISK", "PREVIOUSLY_LOYAL"},
      {"ALMOST_LOST", "ALMOST_LOST", "AT_RISK", "AT_RISK", "PREVIOUSLY_LOYAL"},
      {"NEEDS_ATTENTION", "NEEDS_ATTENTION", "NEEDS_ATTENTION", "LOYAL", "LOYAL"},
      {"PROMISING", "PROMISING", "ACTIVE", "LOYAL", "LOYAL"},
      {"PROMISING", "PROMISING", "ACTIVE", "CHAMPIONS", "CHAMPIONS"}};
  const char* one_order[5] = {"DORMANT", "ALMOST_LOST", "NEEDS_ATTENTION", "PROMISING", "NEW"};
  ForEachCell(rules, [&](const Cell& cell) {
    const int fm = (cell.f + cell.m) / 2 + (cell.f + cell.m) % 2;
    EXPECT_EQ(SegmentOf(rules, cell),
              cell.orders == 1 ? one_order[cell.r - 1] : grid[cell.r - 1][fm - 1]);
  });
}

TEST(RuleSetTest, OneOrderIsNeverCalledLoyal) {
  const RuleSet& rules = *FindRuleSet("growth-11");
  EXPECT_EQ(SegmentOf(rules, Cell{5, 5, 5, 1}), "NEW");
  EXPECT_EQ(SegmentOf(rules, Cell{5, 5, 5, 2}), "CHAMPIONS");
}

TEST(RuleSetTest, RRfmTakesTheFirstMatchingRuleAndNamesTheRestOthers) {
  const RuleSet& rules = *FindRuleSet("r-rfm-10");
  EXPECT_EQ(SegmentOf(rules, Cell{5, 5, 5, 9}), "Champions");
  EXPECT_EQ(SegmentOf(rules, Cell{5, 5, 4, 9}), "Potential Loyalist");
  EXPECT_EQ(SegmentOf(rules, Cell{2, 4, 4, 9}), "Loyal Customers");
  EXPECT_EQ(SegmentOf(rules, Cell{4, 1, 3, 9}), "Promising");
  EXPECT_EQ(SegmentOf(rules, Cell{5, 1, 5, 9}), "New Customers");
  EXPECT_EQ(SegmentOf(rules, Cell{2, 4, 5, 9}), "Can't Lose Them");
  EXPECT_EQ(SegmentOf(rules, Cell{1, 5, 5, 9}), "At Risk");
  EXPECT_EQ(SegmentOf(rules, Cell{1, 5, 3, 9}), "Need Attention");
  EXPECT_EQ(SegmentOf(rules, Cell{2, 1, 1, 9}), "About To Sleep");
  EXPECT_EQ(SegmentOf(rules, Cell{1, 1, 1, 9}), "Lost");
  EXPECT_EQ(SegmentOf(rules, Cell{5, 5, 1, 9}), "Others");
  EXPECT_EQ(SegmentOf(rules, Cell{2, 1, 5, 9}), "Others");
}

TEST(RuleSetTest, RRfmDisplaysTheNamesOfThePackage) {
  std::vector<std::string> names;
  for (const Segment& segment : FindRuleSet("r-rfm-10")->segments) {
    names.emplace_back(segment.name_en);
  }
  EXPECT_THAT(names, ElementsAre("Champions", "Potential Loyalist", "Loyal Customers", "Promising",
                                 "New Customers", "Can't Lose Them", "At Risk", "Need Attention",
                                 "About To Sleep", "Lost", "Others"));
}

}  // namespace
}  // namespace clientele::segmentation
