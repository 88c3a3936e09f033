#include "common/tls/watched_files.h"

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <utility>

#include "common/testing/temp_folder.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace clientele {
namespace {

using ::testing::HasSubstr;

class WatchedFilesTest : public ::testing::Test {
 protected:
  void Write(const std::string& name, const std::string& text) const {
    std::ofstream(folder_.File(name)) << text;
  }

  const TempFolder folder_;
};

TEST_F(WatchedFilesTest, AreNewsOnceAndThenWhenOneIsReplaced) {
  Write("a", "1");
  Write("b", "1");
  WatchedFiles files({folder_.File("a"), "", folder_.File("b")});
  EXPECT_TRUE(files.HaveChanged());
  EXPECT_FALSE(files.HaveChanged());
  Write("c", "2");
  ASSERT_EQ(std::rename(folder_.File("c").c_str(), folder_.File("b").c_str()), 0);
  EXPECT_TRUE(files.HaveChanged());
  EXPECT_FALSE(files.HaveChanged());
}

TEST_F(WatchedFilesTest, AreNewsWhenALinkLeadsElsewhere) {
  std::filesystem::create_directories(folder_.File("v1"));
  std::filesystem::create_directories(folder_.File("v2"));
  Write("v1/a", "same");
  Write("v2/a", "same");
  std::filesystem::create_symlink("v1", folder_.File("now"));
  WatchedFiles files({folder_.File("now/a")});
  EXPECT_TRUE(files.HaveChanged());
  std::filesystem::create_symlink("v2", folder_.File("next"));
  std::filesystem::rename(folder_.File("next"), folder_.File("now"));
  EXPECT_TRUE(files.HaveChanged());
}

TEST_F(WatchedFilesTest, AreNewsWhenOneComesOrGoes) {
  WatchedFiles files({folder_.File("a")});
  EXPECT_TRUE(files.HaveChanged());
  EXPECT_FALSE(files.HaveChanged());
  Write("a", "");
  EXPECT_TRUE(files.HaveChanged());
  std::filesystem::remove(folder_.File("a"));
  EXPECT_TRUE(files.HaveChanged());
}

TEST_F(WatchedFilesTest, AreReadWholeOrRefusedByName) {
  Write("a", std::string("one\ntwo\0", 8));
  EXPECT_EQ(*ReadWatchedFile(folder_.File("a")), std::string("one\ntwo\0", 8));
  Write("big", std::string(size_t{kWatchedFileBytesMax} + 1, 'x'));
  for (const auto& [name, code] : {std::pair("big", absl::StatusCode::kFailedPrecondition),
                                   std::pair("none", absl::StatusCode::kUnavailable),
                                   std::pair(".", absl::StatusCode::kUnavailable)}) {
    const absl::Status refused = ReadWatchedFile(folder_.File(name)).status();
    EXPECT_EQ(refused.code(), code) << name;
    EXPECT_THAT(std::string(refused.message()), HasSubstr(folder_.File(name)));
  }
}

TEST_F(WatchedFilesTest, AreNewsAgainWhenTheyCouldNotBeRead) {
  WatchedFiles files({folder_.File("a")});
  EXPECT_TRUE(files.HaveChanged());
  files.Forget();
  EXPECT_TRUE(files.HaveChanged());
  EXPECT_FALSE(files.HaveChanged());
}

}  // namespace
}  // namespace clientele
