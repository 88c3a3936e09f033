#include "common/crypto/private_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <optional>
#include <utility>

#include "absl/cleanup/cleanup.h"
#include "absl/status/status.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "common/crypto/secret_key.h"
#include "common/status/macros.h"

namespace clientele {
namespace {

constexpr mode_t kOwnerOnly = S_IRUSR | S_IWUSR;
constexpr mode_t kAnybodyElse = S_IRWXG | S_IRWXO;
constexpr mode_t kAnybodyButGroupReaders = kAnybodyElse & ~S_IRGRP;

// Closes its descriptor when it goes out of scope.
class FileDescriptor {
 public:
  explicit FileDescriptor(int fd) : fd_(fd) {}
  FileDescriptor(const FileDescriptor&) = delete;
  FileDescriptor& operator=(const FileDescriptor&) = delete;
  ~FileDescriptor() {
    if (fd_ >= 0) {
      close(fd_);
    }
  }
  int get() const { return fd_; }
  bool is_open() const { return fd_ >= 0; }

 private:
  const int fd_;
};

// What the last system call answered, as a sentence: "cannot write the key file /x: ...".
absl::Status FileError(absl::string_view action, const std::string& path) {
  return absl::ErrnoToStatus(errno, absl::StrCat("cannot ", action, " the key file ", path));
}

std::string FolderOf(const std::string& path) {
  const size_t slash = path.rfind('/');
  if (slash == std::string::npos) {
    return ".";
  }
  return slash == 0 ? "/" : path.substr(0, slash);
}

// Root gives a file to a process that is not root through its group: so come the files of a
// Kubernetes Secret, which kubelet owns.
mode_t ForbiddenMode(const struct stat& file) {
  const bool is_given_by_root = file.st_uid == 0 && geteuid() != 0;
  return is_given_by_root ? kAnybodyButGroupReaders : kAnybodyElse;
}

// Refuses a file whose owner could not vouch for the secrecy of what is in it.
absl::Status CheckIsPrivate(const struct stat& file, const std::string& path) {
  if (!S_ISREG(file.st_mode)) {
    return absl::FailedPreconditionError(
        absl::StrCat("the key file ", path, " is not a plain file"));
  }
  if ((file.st_mode & ForbiddenMode(file)) != 0) {
    return absl::FailedPreconditionError(
        absl::StrFormat("the key file %s may be read or written by others (mode %04o); "
                        "run: chmod 600 %s",
                        path, file.st_mode & 07777, path));
  }
  return absl::OkStatus();
}

// Writes `bytes` into the new file `path` and waits until they are on the disk.
absl::Status WriteNewFile(const std::string& path, absl::string_view bytes) {
  const FileDescriptor file(
      open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, kOwnerOnly));
  if (!file.is_open()) {
    return FileError("create", path);
  }
  errno = EIO;  // stands when the call is merely short
  if (write(file.get(), bytes.data(), bytes.size()) != static_cast<ssize_t>(bytes.size()) ||
      fsync(file.get()) != 0) {
    return FileError("write", path);
  }
  return absl::OkStatus();
}

absl::Status SyncFolder(const std::string& path) {
  const FileDescriptor folder(open(FolderOf(path).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!folder.is_open() || fsync(folder.get()) != 0) {
    return FileError("sync the folder of", path);
  }
  return absl::OkStatus();
}

// Puts a new file at `path` unless another process did so first.
absl::Status Create(const std::string& path, absl::string_view bytes) {
  CLIENTELE_ASSIGN_OR_RETURN(const SecretKey suffix, SecretKey::Random());
  const std::string temporary =
      absl::StrCat(path, ".new-", absl::BytesToHexString(suffix.bytes().substr(0, 8)));
  const auto remove_temporary = absl::MakeCleanup([&temporary] { unlink(temporary.c_str()); });
  CLIENTELE_RETURN_IF_ERROR(WriteNewFile(temporary, bytes));
  // A link and not a rename: a rename would replace the key another process has just begun to use.
  if (link(temporary.c_str(), path.c_str()) != 0 && errno != EEXIST) {
    return FileError("create", path);
  }
  return SyncFolder(path);
}

}  // namespace

absl::StatusOr<std::optional<std::string>> ReadPrivateFile(const std::string& path,
                                                           size_t bytes_max) {
  // Not blocking, because opening a pipe would wait for its writer before it can be refused.
  const FileDescriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!file.is_open()) {
    if (errno == ENOENT) {
      return std::nullopt;
    }
    return FileError("open", path);
  }
  struct stat status;
  if (fstat(file.get(), &status) != 0) {
    return FileError("examine", path);
  }
  CLIENTELE_RETURN_IF_ERROR(CheckIsPrivate(status, path));
  std::string bytes(std::min(static_cast<size_t>(status.st_size), bytes_max + 1), '\0');
  errno = EIO;  // stands when the call is merely short
  if (read(file.get(), bytes.data(), bytes.size()) != static_cast<ssize_t>(bytes.size())) {
    return FileError("read", path);
  }
  return std::optional<std::string>(std::move(bytes));
}

absl::StatusOr<std::string> ReadOrCreatePrivateFile(
    const std::string& path, size_t bytes_max,
    absl::FunctionRef<absl::StatusOr<std::string>()> make) {
  CLIENTELE_ASSIGN_OR_RETURN(std::optional<std::string> existing, ReadPrivateFile(path, bytes_max));
  if (existing.has_value()) {
    return *std::move(existing);
  }
  CLIENTELE_ASSIGN_OR_RETURN(std::string bytes, make());
  const auto wipe = absl::MakeCleanup([&bytes] { WipeText(bytes); });
  CLIENTELE_RETURN_IF_ERROR(Create(path, bytes));
  CLIENTELE_ASSIGN_OR_RETURN(std::optional<std::string> made, ReadPrivateFile(path, bytes_max));
  if (!made.has_value()) {
    return absl::UnavailableError(absl::StrCat("the key file ", path, " vanished while starting"));
  }
  return *std::move(made);
}

}  // namespace clientele
