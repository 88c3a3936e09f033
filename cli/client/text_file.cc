#include "cli/client/text_file.h"

#include <unistd.h>
#include <zlib.h>

#include <cerrno>
#include <memory>
#include <vector>

#include "absl/strings/str_cat.h"
#include "cli/import/errors.h"

namespace clientele::cli {
namespace {

constexpr size_t kChunkBytes = size_t{64} << 10;

struct CloseGzip {
  void operator()(gzFile file) const { gzclose(file); }
};
using GzipFile = std::unique_ptr<gzFile_s, CloseGzip>;

// The duplicate is closed with the gzFile and standard input stays open.
GzipFile Open(const std::string& path) {
  return GzipFile(path == "-" ? gzdopen(dup(STDIN_FILENO), "rb") : gzopen(path.c_str(), "rb"));
}

}  // namespace

absl::StatusOr<std::string> ReadTextFile(const std::string& path, size_t bytes_max) {
  errno = 0;
  const GzipFile file = Open(path);
  if (file == nullptr) {
    return CannotReadFile(path, errno);
  }
  std::string content;
  std::vector<char> chunk(kChunkBytes);
  while (true) {
    const int bytes = gzread(file.get(), chunk.data(), static_cast<unsigned>(chunk.size()));
    int error = Z_OK;
    gzerror(file.get(), &error);
    if (bytes < 0 || error == Z_BUF_ERROR) {
      return error == Z_ERRNO ? CannotReadFile(path, errno) : CorruptGzipFile(path);
    }
    if (bytes == 0) {
      return content;
    }
    content.append(chunk.data(), static_cast<size_t>(bytes));
    if (content.size() > bytes_max) {
      return absl::ResourceExhaustedError(
          absl::StrCat("'", path, "' has more than ", bytes_max, " bytes"));
    }
  }
}

}  // namespace clientele::cli
