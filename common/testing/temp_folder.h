#ifndef COMMON_TESTING_TEMP_FOLDER_H_
#define COMMON_TESTING_TEMP_FOLDER_H_

// A folder for one test or benchmark.

#include <cstdlib>
#include <filesystem>
#include <string>
#include <system_error>

#include "absl/strings/string_view.h"
#include "common/status/macros.h"

namespace clientele {

// Made when constructed, gone with all that is in it when destroyed. Not copied.
class TempFolder {
 public:
  TempFolder() {
    std::string folder = (std::filesystem::temp_directory_path() / "clientele-XXXXXX").string();
    CLIENTELE_CHECK(mkdtemp(folder.data()) != nullptr);
    folder_ = folder;
  }
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;
  ~TempFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }

  std::string path() const { return folder_.string(); }

  // The path of a file in it.
  std::string File(absl::string_view name) const { return (folder_ / std::string(name)).string(); }

 private:
  std::filesystem::path folder_;
};

}  // namespace clientele

#endif  // COMMON_TESTING_TEMP_FOLDER_H_
