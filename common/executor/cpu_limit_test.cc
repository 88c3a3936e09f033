#include "common/executor/cpu_limit.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <thread>

namespace clientele {
namespace {

TEST(CpuLimitTest, RoundsAFractionOfACpuUp) {
  EXPECT_EQ(CpusFromCgroupLine("200000 100000\n"), 2);
  EXPECT_EQ(CpusFromCgroupLine("150000 100000"), 2);
  EXPECT_EQ(CpusFromCgroupLine("10000 100000"), 1);
}

TEST(CpuLimitTest, FindsNoLimitInALineThatSetsNone) {
  for (const char* line : {"max 100000", "", "200000", "-1 100000", "5 0", "a b", "1 2 3"}) {
    EXPECT_EQ(CpusFromCgroupLine(line), std::nullopt) << line;
  }
}

TEST(CpuLimitTest, TakesTheSmallerOfHardwareAndQuota) {
  const std::filesystem::path dir =
      std::filesystem::path(testing::TempDir()) / "clientele_cpu_limit_test";
  std::filesystem::create_directories(dir);
  const int hardware = static_cast<int>(std::thread::hardware_concurrency());
  std::ofstream(dir / "cpu.max") << "100000 100000\n";
  EXPECT_EQ(UsableCpuCount(dir.string()), 1);
  std::ofstream(dir / "cpu.max") << "max 100000\n";
  EXPECT_EQ(UsableCpuCount(dir.string()), hardware);
  std::filesystem::remove_all(dir);
  EXPECT_EQ(UsableCpuCount(dir.string()), hardware);
}

}  // namespace
}  // namespace clientele
