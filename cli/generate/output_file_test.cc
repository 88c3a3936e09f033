#include "cli/generate/output_file.h"

#include <unistd.h>

#include "absl/strings/str_cat.h"
#include "cli/import/test_files.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace clientele::cli {
namespace {

using ::testing::HasSubstr;

std::string Path() {
  return absl::StrCat(testing::TempDir(), "/clientele-output-", getpid(), "-",
                      testing::UnitTest::GetInstance()->current_test_info()->name());
}

TEST(OutputFile, AppearsWithItsRowsWhenPublished) {
  const std::string path = Path();
  auto file = OutputFile::Create(path);
  ASSERT_TRUE(file.ok()) << file.status();
  ASSERT_TRUE((*file)->WriteRow({"a", "b, c", "say \"d\"", ""}).ok());
  EXPECT_EQ((*file)->row_count(), 1);
  ASSERT_TRUE((*file)->Close().ok());
  EXPECT_NE(access(path.c_str(), F_OK), 0);
  ASSERT_TRUE((*file)->Publish().ok());
  EXPECT_EQ(ReadWholeFile(path), "a,\"b, c\",\"say \"\"d\"\"\",\n");
  unlink(path.c_str());
}

TEST(OutputFile, LeavesNothingBehindWhenGivenUp) {
  const std::string path = Path();
  {
    auto file = OutputFile::Create(path);
    ASSERT_TRUE(file.ok()) << file.status();
    ASSERT_TRUE((*file)->WriteRow({"a"}).ok());
  }
  EXPECT_NE(access(path.c_str(), F_OK), 0);
  EXPECT_NE(access(absl::StrCat(path, ".", getpid(), ".tmp").c_str(), F_OK), 0);
}

TEST(OutputFile, RefusesToReplaceAFile) {
  const TestFile there("mine");
  const absl::Status status = OutputFile::Create(there.path()).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kAlreadyExists);
  EXPECT_THAT(std::string(status.message()), HasSubstr("is there already"));
  EXPECT_EQ(ReadWholeFile(there.path()), "mine");
}

TEST(OutputFile, SaysWhyItCannotBeMade) {
  const absl::Status status = OutputFile::Create("/nowhere/at-all.csv").status();
  EXPECT_EQ(status.message(), "cannot write '/nowhere/at-all.csv': No such file or directory");
}

}  // namespace
}  // namespace clientele::cli
