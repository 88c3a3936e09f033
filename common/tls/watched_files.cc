#include "common/tls/watched_files.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/str_cat.h"

namespace clientele {
namespace {

// What the last system call answered.
absl::Status FileNotReadable(const std::string& path) {
  return absl::UnavailableError(
      absl::ErrnoToStatus(errno, absl::StrCat("the file ", path, " cannot be read")).message());
}

}  // namespace

WatchedFiles::WatchedFiles(const std::vector<std::string>& paths) {
  paths_.reserve(paths.size());
  for (const std::string& path : paths) {
    if (!path.empty()) {
      paths_.push_back(path);
    }
  }
}

WatchedFiles::Version WatchedFiles::VersionOf(const std::string& path) {
  struct stat file {};
  if (stat(path.c_str(), &file) != 0) {
    return {};
  }
  return {.device = file.st_dev,
          .inode = file.st_ino,
          .size = file.st_size,
          .changed_ns = int64_t{file.st_ctim.tv_sec} * 1'000'000'000 + file.st_ctim.tv_nsec};
}

bool WatchedFiles::HaveChanged() {
  std::vector<Version> now;
  now.reserve(paths_.size());
  for (const std::string& path : paths_) {
    now.push_back(VersionOf(path));
  }
  const bool have_changed = seen_ != now;
  seen_ = std::move(now);
  return have_changed;
}

absl::StatusOr<std::string> ReadWatchedFile(const std::string& path) {
  // Not blocking, because opening a pipe would wait for its writer.
  const int fd = open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0) {
    return FileNotReadable(path);
  }
  const absl::Cleanup close_file = [fd] { close(fd); };
  std::string content(static_cast<size_t>(kWatchedFileBytesMax) + 1, '\0');
  size_t length = 0;
  while (length < content.size()) {
    const ssize_t count = read(fd, content.data() + length, content.size() - length);
    if (count < 0 && errno != EINTR) {
      return FileNotReadable(path);
    }
    if (count == 0) {
      content.resize(length);
      return content;
    }
    length += count < 0 ? 0 : static_cast<size_t>(count);
  }
  return absl::FailedPreconditionError(
      absl::StrCat("the file ", path, " has more than ", kWatchedFileBytesMax, " bytes"));
}

}  // namespace clientele
