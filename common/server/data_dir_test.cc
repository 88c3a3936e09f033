#include "common/server/data_dir.h"

#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "common/testing/temp_folder.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace clientele::server {
namespace {

using ::testing::HasSubstr;

class DataDirTest : public ::testing::Test {
 protected:
  const TempFolder folder_;
  const std::string root_ = folder_.File("data");
};

TEST_F(DataDirTest, MakesAPrivateFolderWithItsParents) {
  const auto dir = DataDir::Open(root_ + "/a/b");
  ASSERT_TRUE(dir.ok()) << dir.status();
  struct stat info {};
  ASSERT_EQ(stat((root_ + "/a/b").c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0700u);
  EXPECT_EQ((*dir)->File("x.db"), root_ + "/a/b/x.db");
}

TEST_F(DataDirTest, LetsOnlyOneHolderIn) {
  auto first = DataDir::Open(root_);
  ASSERT_TRUE(first.ok());
  const auto second = DataDir::Open(root_);
  EXPECT_EQ(second.status().code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(std::string(second.status().message()), HasSubstr(root_));
  first->reset();
  EXPECT_TRUE(DataDir::Open(root_).ok());
}

TEST_F(DataDirTest, SaysWhichPathIsInTheWay) {
  std::filesystem::create_directories(root_);
  std::ofstream(root_ + "/file") << "x";
  const auto dir = DataDir::Open(root_ + "/file");
  EXPECT_EQ(dir.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(dir.status().message()), HasSubstr(root_ + "/file"));
}

}  // namespace
}  // namespace clientele::server
