#include "common/server/data_dir.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"

namespace clientele::server {
namespace {

constexpr char kLockFile[] = "lock";

absl::Status Unusable(const std::string& path, int error_number) {
  return absl::FailedPreconditionError(absl::StrCat("cannot use the folder ", path, ": ",
                                                    std::generic_category().message(error_number)));
}

}  // namespace

absl::StatusOr<std::unique_ptr<DataDir>> DataDir::Open(const std::string& path) {
  std::error_code error;
  const std::filesystem::path parent = std::filesystem::path(path).parent_path();
  if (!parent.empty()) {
    std::filesystem::create_directories(parent, error);
    if (error) {
      return Unusable(path, error.value());
    }
  }
  if (mkdir(path.c_str(), 0700) != 0 && errno != EEXIST) {
    return Unusable(path, errno);
  }
  const std::string lock_path = absl::StrCat(path, "/", kLockFile);
  const int fd = open(lock_path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0) {
    return Unusable(path, errno);
  }
  if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
    const int lock_error = errno;
    close(fd);
    if (lock_error == EWOULDBLOCK) {
      return absl::UnavailableError(
          absl::StrCat("the folder ", path, " is in use by another process"));
    }
    return Unusable(path, lock_error);
  }
  return std::unique_ptr<DataDir>(new DataDir(path, fd));
}

DataDir::~DataDir() { close(lock_fd_); }

std::string DataDir::File(absl::string_view name) const { return absl::StrCat(path_, "/", name); }

}  // namespace clientele::server
