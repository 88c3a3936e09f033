#ifndef COMMON_TLS_WATCHED_FILES_H_
#define COMMON_TLS_WATCHED_FILES_H_

// Files that are replaced while the process runs: certificates, keys, key sets, tokens. Kubernetes
// does it by a symbolic link to another folder, certbot by renaming; both are seen.

#include <sys/stat.h>

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"

namespace clientele {

// What is read of such a file at most: a bundle of every public authority has 0.3 MiB.
inline constexpr int kWatchedFileBytesMax = 1 << 20;

// A set of files that belong together. Not thread-safe.
class WatchedFiles {
 public:
  // Empty paths are left out.
  explicit WatchedFiles(const std::vector<std::string>& paths);

  // Whether a file is another one than at the last call, or has come or gone; true at the first
  // call. One stat a file. What is read after it is what it has seen, or newer.
  bool HaveChanged();

  // What HaveChanged has seen could not be read: the next call says true again.
  void Forget() { seen_.reset(); }

 private:
  // Of a file's content, as far as a stat tells.
  struct Version {
    dev_t device = 0;
    ino_t inode = 0;
    off_t size = -1;  // -1: there is none
    int64_t changed_ns = 0;
    bool operator==(const Version&) const = default;
  };
  static Version VersionOf(const std::string& path);

  std::vector<std::string> paths_;
  std::optional<std::vector<Version>> seen_;
};

// The whole of a file. With a sentence that names it: UNAVAILABLE when it cannot be read, which may
// pass without a change of the file, FAILED_PRECONDITION when it has more than kWatchedFileBytesMax
// bytes.
absl::StatusOr<std::string> ReadWatchedFile(const std::string& path);

}  // namespace clientele

#endif  // COMMON_TLS_WATCHED_FILES_H_
