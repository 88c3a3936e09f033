#ifndef CLI_DEMO_TEMPORARY_FOLDER_H_
#define CLI_DEMO_TEMPORARY_FOLDER_H_

// A folder of its own that goes with the object.

#include <string>

#include "absl/status/statusor.h"

namespace clientele::cli {

// Movable; one thread at a time.
class TemporaryFolder {
 public:
  // Makes one in $TMPDIR, else /tmp, readable by its owner only. UNAVAILABLE with a sentence when
  // that cannot be.
  static absl::StatusOr<TemporaryFolder> Make();

  TemporaryFolder(TemporaryFolder&& other) noexcept;
  TemporaryFolder& operator=(TemporaryFolder&&) = delete;

  // Removes the folder with all that is in it, as far as it can be.
  ~TemporaryFolder();

  const std::string& path() const { return path_; }

 private:
  explicit TemporaryFolder(std::string path);

  std::string path_;  // empty once moved from
};

}  // namespace clientele::cli

#endif  // CLI_DEMO_TEMPORARY_FOLDER_H_
