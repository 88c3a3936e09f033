#include "cli/output/heat_map.h"

#include <cstdio>

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace clientele::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

HeatMap Map() {
  HeatMap map("", {"F1", "F2"});
  map.Row("R2", {{100, "1,000"}, {0, "0"}});
  map.Row("R1", {{25, "7"}, {24, "6"}});
  return map;
}

TEST(HeatMapTest, ShowsWeightsAsBlocksWithTheirMeaning) {
  EXPECT_EQ(Map().ToString(Shading::kBlocks),
            "          F1    F2\n"
            "R2  ██ 1,000     0\n"
            "R1  ▒▒     7  ░░ 6\n"
            "░░ under 25 %  ▒▒ under 50 %  ▓▓ under 75 %  ██ up to 100 % of the largest\n");
}

TEST(HeatMapTest, ShowsWeightsAsColoursBehindTheSameNumbers) {
  const std::string text = Map().ToString(Shading::kColours);
  EXPECT_THAT(text, HasSubstr("         F1    F2 \n"
                              "R2 \x1b[48;5;71m\x1b[38;5;16m   1,000 \x1b[0m    0 \n"));
  EXPECT_THAT(text, HasSubstr("\x1b[48;5;194m"));
  EXPECT_THAT(text, Not(HasSubstr("█")));
}

TEST(HeatMapTest, AMapWithoutWeightHasNoShade) {
  HeatMap map("R \\ F", {"F1"});
  map.Row("R1", {{0, "0"}});
  EXPECT_THAT(map.ToString(Shading::kBlocks), HasSubstr("R \\ F    F1\n   R1     0\n"));
}

TEST(HeatMapTest, AFileIsNoTerminal) {
  std::FILE* file = std::tmpfile();
  EXPECT_EQ(ShadingFor(file), Shading::kBlocks);
  std::fclose(file);
}

}  // namespace
}  // namespace clientele::cli
