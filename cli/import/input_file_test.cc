#include "cli/import/input_file.h"

#include <unistd.h>

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "cli/import/limits.h"
#include "cli/import/test_files.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace clientele::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// Every line of the file, "<too long>" for those; stops at an error, which goes to `status`.
std::vector<std::string> ReadLines(const std::string& path, absl::Status* status) {
  std::vector<std::string> lines;
  absl::StatusOr<std::unique_ptr<InputFile>> file = InputFile::Open(path);
  *status = file.status();
  while (status->ok()) {
    const absl::StatusOr<std::optional<PhysicalLine>> line = (*file)->NextLine();
    *status = line.status();
    if (!line.ok() || !line->has_value()) break;
    EXPECT_EQ((*line)->number, static_cast<int64_t>(lines.size()) + 1);
    lines.push_back((*line)->too_long ? "<too long>" : std::string((*line)->text));
  }
  return lines;
}

std::vector<std::string> ReadGoodLines(const std::string& path) {
  absl::Status status;
  std::vector<std::string> lines = ReadLines(path, &status);
  EXPECT_TRUE(status.ok()) << status;
  return lines;
}

TEST(InputFile, GivesLinesWithoutTheirEndings) {
  EXPECT_THAT(ReadGoodLines(TestFile("one\ntwo\r\n\nlast").path()),
              ElementsAre("one", "two", "", "last"));
  EXPECT_THAT(ReadGoodLines(TestFile("one\n").path()), ElementsAre("one"));
  EXPECT_THAT(ReadGoodLines(TestFile("").path()), IsEmpty());
}

TEST(InputFile, DropsTheByteOrderMarkOfTheFirstLineOnly) {
  EXPECT_THAT(ReadGoodLines(TestFile("\xEF\xBB\xBFone\n\xEF\xBB\xBFtwo").path()),
              ElementsAre("one", "\xEF\xBB\xBFtwo"));
}

TEST(InputFile, UnpacksGzipWhateverTheName) {
  EXPECT_THAT(ReadGoodLines(TestFile::Gzip("one\ntwo\n").path()), ElementsAre("one", "two"));
}

TEST(InputFile, SkipsALineThatIsTooLongAndGoesOn) {
  const std::string longest(kLineBytesMax, 'a');
  const std::string longer(kLineBytesMax + 1, 'b');
  const std::string far_longer(3 * kLineBytesMax, 'c');
  const TestFile file(
      absl::StrCat(longest, "\n", longer, "\nx\n", far_longer, "\ny\n", far_longer));
  EXPECT_THAT(ReadGoodLines(file.path()),
              ElementsAre(longest, "<too long>", "x", "<too long>", "y", "<too long>"));
}

TEST(InputFile, SaysWhichFileCannotBeRead) {
  absl::Status status;
  ReadLines("/nonexistent/purchases.csv", &status);
  EXPECT_EQ(status.code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(status.message(),
            "cannot read '/nonexistent/purchases.csv': No such file or directory");
  ReadLines(::testing::TempDir(), &status);
  EXPECT_FALSE(status.ok());
  EXPECT_THAT(status.message(), HasSubstr("Is a directory"));
}

TEST(InputFile, ReportsAGzipFileThatIsCutOff) {
  std::string content;
  for (int i = 0; i < 100'000; ++i) absl::StrAppend(&content, i * 7919 % 100'003, "\n");
  const TestFile file = TestFile::Gzip(content);
  ASSERT_EQ(truncate(file.path().c_str(), 50'000), 0);
  absl::Status status;
  EXPECT_THAT(ReadLines(file.path(), &status), ::testing::Not(IsEmpty()));
  EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss);
  EXPECT_THAT(status.message(), HasSubstr("cut off or damaged"));
}

TEST(InputFile, ReportsAGzipFileCutOffInItsTrailer) {
  const TestFile file = TestFile::Gzip("one\ntwo\n");
  ASSERT_EQ(truncate(file.path().c_str(),
                     static_cast<off_t>(std::filesystem::file_size(file.path())) - 4),
            0);
  absl::Status status;
  ReadLines(file.path(), &status);
  EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss);
}

TEST(InputFile, ReportsAGzipFileThatIsDamaged) {
  // A whole header, then bytes that are no deflate stream.
  const TestFile file(absl::string_view(
      "\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff", 20));
  absl::Status status;
  ReadLines(file.path(), &status);
  EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss);
}

}  // namespace
}  // namespace clientele::cli
