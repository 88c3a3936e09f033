#include "common/config/cgroup.h"

#include <filesystem>
#include <fstream>
#include <string>

#include "gtest/gtest.h"

namespace clientele {
namespace {

// A made-up root folder with the files of a control group.
class CgroupTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string name = testing::TempDir() + "/cgroup_XXXXXX";
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    root_ = name;
  }
  void TearDown() override { std::filesystem::remove_all(root_); }

  void Write(const std::string& path, const std::string& text) {
    const std::filesystem::path file = root_ + path;
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file) << text;
  }

  std::string root_;
};

TEST(CgroupParsers, ReadsAShareOfProcessors) {
  EXPECT_EQ(ParseCpuMax("150000 100000\n"), 1.5);
  EXPECT_EQ(ParseCpuMax("max 100000\n"), std::nullopt);
  EXPECT_EQ(ParseCpuMax(""), std::nullopt);
  EXPECT_EQ(ParseCpuMax("1 0"), std::nullopt);
  EXPECT_EQ(ParseCpuQuota("200000\n", "100000\n"), 2.0);
  EXPECT_EQ(ParseCpuQuota("-1\n", "100000\n"), std::nullopt);
}

TEST(CgroupParsers, ReadsALimitOfMemory) {
  EXPECT_EQ(ParseMemoryMax("536870912\n"), 536870912);
  EXPECT_EQ(ParseMemoryMax("max\n"), std::nullopt);
  EXPECT_EQ(ParseMemoryMax("9223372036854771712\n"), std::nullopt);
  EXPECT_EQ(ParseMemoryMax("99999999999999999999\n"), std::nullopt);
  EXPECT_EQ(ParseMemoryMax("0"), std::nullopt);
}

TEST(CgroupParsers, FindsTheGroupOfAController) {
  constexpr char kGroups[] = "5:memory:/docker/1f\n4:cpu,cpuacct:/docker/2e:x\n0::/init.scope\n";
  EXPECT_EQ(ParseCgroupPath(kGroups, ""), "/init.scope");
  EXPECT_EQ(ParseCgroupPath(kGroups, "cpu"), "/docker/2e:x");
  EXPECT_EQ(ParseCgroupPath(kGroups, "memory"), "/docker/1f");
  EXPECT_EQ(ParseCgroupPath(kGroups, "pids"), std::nullopt);
  EXPECT_EQ(ParseCgroupPath("0::/../../other\n", ""), std::nullopt);
}

TEST_F(CgroupTest, TakesTheLeastOfTheGroupAndThoseAboveIt) {
  Write("/proc/self/cgroup", "0::/kubepods/pod/container\n");
  Write("/sys/fs/cgroup/kubepods/pod/container/memory.max", "max\n");
  Write("/sys/fs/cgroup/kubepods/pod/memory.max", "67108864\n");
  Write("/sys/fs/cgroup/kubepods/memory.max", "134217728\n");
  Write("/sys/fs/cgroup/kubepods/pod/cpu.max", "20000 100000\n");
  const MachineLimits limits = ReadMachineLimits(root_);
  EXPECT_EQ(limits.memory_bytes, 67108864);
  EXPECT_EQ(limits.cpu_count, 1);
}

TEST_F(CgroupTest, ReadsTheMountWhenTheGroupsFoldersAreNotThere) {
  Write("/proc/self/cgroup", "0::/host/path\n");
  Write("/sys/fs/cgroup/memory.max", "67108864\n");
  EXPECT_EQ(ReadMachineLimits(root_).memory_bytes, 67108864);
}

TEST_F(CgroupTest, ReadsVersionOne) {
  Write("/proc/self/cgroup", "5:memory:/docker/1f\n4:cpu,cpuacct:/docker/1f\n");
  Write("/sys/fs/cgroup/memory/docker/1f/memory.limit_in_bytes", "67108864\n");
  Write("/sys/fs/cgroup/cpu/docker/1f/cpu.cfs_quota_us", "50000\n");
  Write("/sys/fs/cgroup/cpu/docker/1f/cpu.cfs_period_us", "100000\n");
  const MachineLimits limits = ReadMachineLimits(root_);
  EXPECT_EQ(limits.memory_bytes, 67108864);
  EXPECT_EQ(limits.cpu_count, 1);
}

TEST_F(CgroupTest, FallsBackToTheMachine) {
  const MachineLimits limits = ReadMachineLimits(root_);
  EXPECT_GE(limits.cpu_count, 1);
  EXPECT_GT(limits.memory_bytes, int64_t{16} << 20);
  EXPECT_LT(limits.memory_bytes, int64_t{1} << 50);
}

}  // namespace
}  // namespace clientele
