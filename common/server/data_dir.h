#ifndef COMMON_SERVER_DATA_DIR_H_
#define COMMON_SERVER_DATA_DIR_H_

// The folder of one process's files: databases, keys, endpoints. At most one process uses it.

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace clientele::server {

// Holds the folder until destroyed, or until the process dies, however it dies. Thread-safe.
class DataDir {
 public:
  // Makes the folder (mode 0700) with its parents when needed, and takes it. The error is a
  // sentence with the path: it cannot be made or written (FAILED_PRECONDITION), or another process
  // has it (UNAVAILABLE).
  static absl::StatusOr<std::unique_ptr<DataDir>> Open(const std::string& path);

  ~DataDir();
  DataDir(const DataDir&) = delete;
  DataDir& operator=(const DataDir&) = delete;

  const std::string& path() const { return path_; }

  // The path of a file in the folder.
  std::string File(absl::string_view name) const;

 private:
  DataDir(std::string path, int lock_fd) : path_(std::move(path)), lock_fd_(lock_fd) {}

  const std::string path_;
  const int lock_fd_;
};

}  // namespace clientele::server

#endif  // COMMON_SERVER_DATA_DIR_H_
