#include "cli/import/test_files.h"

#include <unistd.h>
#include <zlib.h>

#include <cstdlib>
#include <fstream>

#include "absl/strings/str_cat.h"
#include "common/status/macros.h"
#include "gtest/gtest.h"

namespace clientele::cli {
namespace {

std::string TestFilePath(absl::string_view ending) {
  const ::testing::TestInfo* test = ::testing::UnitTest::GetInstance()->current_test_info();
  return absl::StrCat(::testing::TempDir(), "/clientele-", getpid(), "-", test->test_suite_name(),
                      "-", test->name(), ending);
}

}  // namespace

TestFile::TestFile(absl::string_view content) : path_(TestFilePath(".txt")) {
  std::ofstream out(path_, std::ios::binary | std::ios::trunc);
  out.write(content.data(), static_cast<std::streamsize>(content.size()));
  out.close();
  CLIENTELE_CHECK(out.good());
}

TestFile TestFile::Gzip(absl::string_view content) {
  TestFile packed;
  packed.path_ = TestFilePath(".gz");
  gzFile file = gzopen(packed.path_.c_str(), "wb1");
  CLIENTELE_CHECK(file != nullptr);
  CLIENTELE_CHECK(gzwrite(file, content.data(), static_cast<unsigned>(content.size())) ==
                  static_cast<int>(content.size()));
  CLIENTELE_CHECK(gzclose(file) == Z_OK);
  return packed;
}

TestFile::~TestFile() {
  if (!path_.empty()) unlink(path_.c_str());
}

std::string ReadWholeFile(const std::string& path) {
  gzFile file = gzopen(path.c_str(), "rb");
  CLIENTELE_CHECK(file != nullptr);
  std::string content;
  std::string chunk(size_t{1} << 20, '\0');
  for (int count = 1; count > 0;) {
    count = gzread(file, chunk.data(), static_cast<unsigned>(chunk.size()));
    CLIENTELE_CHECK(count >= 0);
    content.append(chunk, 0, static_cast<size_t>(count));
  }
  CLIENTELE_CHECK(gzclose_r(file) == Z_OK);
  return content;
}

std::optional<std::string> FindRealData(absl::string_view relative_path) {
  const char* const folder = std::getenv("CLIENTELE_TEST_DATA");
  std::string path = absl::StrCat(
      folder != nullptr ? folder : CLIENTELE_SOURCE_DIR "/../shared/data", "/", relative_path);
  if (access(path.c_str(), R_OK) != 0) return std::nullopt;
  return path;
}

}  // namespace clientele::cli
