#include "cli/import/input_file.h"

#include <zlib.h>

#include <cerrno>
#include <cstring>

#include "absl/strings/match.h"
#include "cli/import/errors.h"
#include "cli/import/limits.h"
#include "common/status/macros.h"

namespace clientele::cli {
namespace {

constexpr size_t kReadBytes = size_t{128} << 10;
constexpr absl::string_view kByteOrderMark = "\xEF\xBB\xBF";

}  // namespace

absl::StatusOr<std::unique_ptr<InputFile>> InputFile::Open(absl::string_view path) {
  const std::string path_text(path);
  errno = 0;
  gzFile file = gzopen(path_text.c_str(), "rbe");
  if (file == nullptr) return CannotReadFile(path, errno == 0 ? ENOMEM : errno);
  gzbuffer(file, kReadBytes);
  return std::unique_ptr<InputFile>(new InputFile(path, file));
}

InputFile::InputFile(absl::string_view path, gzFile_s* file)
    : path_(path), file_(file), buffer_(kLineBytesMax + kReadBytes) {}

InputFile::~InputFile() { gzclose_r(file_); }

absl::StatusOr<std::optional<PhysicalLine>> InputFile::NextLine() {
  if (line_number_ >= kPhysicalLinesMax) return TooManyRows(kPhysicalLinesMax);
  size_t scanned = 0;
  bool too_long = false;
  for (;;) {
    const char* const unread = buffer_.data() + begin_;
    const size_t unread_size = end_ - begin_;
    const void* newline = std::memchr(unread + scanned, '\n', unread_size - scanned);
    if (newline != nullptr) {
      return TakeLine(static_cast<const char*>(newline) - unread, 1, too_long);
    }
    if (at_end_of_file_) {
      if (unread_size == 0 && !too_long) return std::nullopt;
      return TakeLine(unread_size, 0, too_long);
    }
    scanned = unread_size;
    if (unread_size > kLineBytesMax) {
      too_long = true;
      begin_ = end_ = scanned = 0;
    }
    CLIENTELE_RETURN_IF_ERROR(Fill());
  }
}

// Appends up to kReadBytes to the unread bytes; there is room, because these are at most
// kLineBytesMax.
absl::Status InputFile::Fill() {
  std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
  end_ -= begin_;
  begin_ = 0;
  errno = 0;
  const int count = gzread(file_, buffer_.data() + end_, kReadBytes);
  const int read_errno = errno;
  // zlib reports a stream that ends early as an error beside a read of nothing.
  int zlib_error = Z_OK;
  gzerror(file_, &zlib_error);
  if (count < 0 || (count == 0 && zlib_error != Z_OK && zlib_error != Z_STREAM_END)) {
    if (zlib_error == Z_ERRNO) return CannotReadFile(path_, read_errno);
    return CorruptGzipFile(path_);
  }
  end_ += static_cast<size_t>(count);
  at_end_of_file_ = count == 0;
  return absl::OkStatus();
}

PhysicalLine InputFile::TakeLine(size_t length, size_t ending_length, bool too_long) {
  PhysicalLine line;
  line.number = ++line_number_;
  line.too_long = too_long || length > kLineBytesMax;
  if (!line.too_long) {
    line.text = absl::string_view(buffer_.data() + begin_, length);
    if (absl::EndsWith(line.text, "\r")) line.text.remove_suffix(1);
    if (line_number_ == 1 && absl::StartsWith(line.text, kByteOrderMark)) {
      line.text.remove_prefix(kByteOrderMark.size());
    }
  }
  begin_ += length + ending_length;
  return line;
}

}  // namespace clientele::cli
