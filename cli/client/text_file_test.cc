#include "cli/client/text_file.h"

#include "cli/import/test_files.h"
#include "gtest/gtest.h"

namespace clientele::cli {
namespace {

TEST(TextFile, ReadsPlainAndCompressedFilesAlike) {
  EXPECT_EQ(*ReadTextFile(TestFile("{}\n").path(), 10), "{}\n");
  EXPECT_EQ(*ReadTextFile(TestFile::Gzip("{}\n").path(), 10), "{}\n");
}

TEST(TextFile, RefusesMoreThanTheLimit) {
  EXPECT_TRUE(absl::IsResourceExhausted(
      ReadTextFile(TestFile::Gzip(std::string(1'000, 'x')).path(), 999).status()));
}

TEST(TextFile, SaysThatAFileIsMissing) {
  const absl::Status status = ReadTextFile("/nowhere/a.json", 10).status();
  EXPECT_TRUE(absl::IsNotFound(status));
  EXPECT_EQ(status.message(), "cannot read '/nowhere/a.json': No such file or directory");
}

TEST(TextFile, RefusesACutOffGzipFile) {
  const TestFile whole = TestFile::Gzip(std::string(10'000, 'x'));
  std::string bytes;
  std::FILE* file = std::fopen(whole.path().c_str(), "rb");
  for (int c = std::fgetc(file); c != EOF; c = std::fgetc(file)) {
    bytes.push_back(static_cast<char>(c));
  }
  std::fclose(file);
  const TestFile cut(bytes.substr(0, bytes.size() - 9));
  EXPECT_TRUE(absl::IsDataLoss(ReadTextFile(cut.path(), 100'000).status()));
}

}  // namespace
}  // namespace clientele::cli
