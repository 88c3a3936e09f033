#ifndef CLI_IMPORT_TEST_FILES_H_
#define CLI_IMPORT_TEST_FILES_H_

// Files for the tests of cli/import. Thread safety: each test its own names.

#include <optional>
#include <string>
#include <utility>

#include "absl/strings/string_view.h"

namespace clientele::cli {

// A file in GoogleTest's temporary folder, named after the running test; removed with the object.
class TestFile {
 public:
  explicit TestFile(absl::string_view content);

  // The same, gzip-compressed.
  static TestFile Gzip(absl::string_view content);

  TestFile(TestFile&& other) noexcept : path_(std::exchange(other.path_, "")) {}
  TestFile& operator=(TestFile&&) = delete;
  ~TestFile();

  const std::string& path() const { return path_; }

 private:
  TestFile() = default;

  std::string path_;
};

// The bytes of a file, unpacked if compressed; aborts the test program when it cannot be read.
std::string ReadWholeFile(const std::string& path);

// The path of a file of the real data: in $CLIENTELE_TEST_DATA, else in ../shared/data beside the
// checkout. nullopt when it is not there: skip the test.
std::optional<std::string> FindRealData(absl::string_view relative_path);

}  // namespace clientele::cli

#endif  // CLI_IMPORT_TEST_FILES_H_
