#include "cli/generate/output_file.h"

#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/status/macros.h"

namespace clientele::cli {
namespace {

constexpr size_t kBufferBytes = size_t{64} << 10;

absl::Status CannotWrite(absl::string_view path, int error_number) {
  const std::string message =
      absl::StrCat("cannot write '", path, "': ", std::generic_category().message(error_number));
  return error_number == EACCES ? absl::PermissionDeniedError(message)
                                : absl::UnavailableError(message);
}

void AppendField(absl::string_view field, std::string& row) {
  if (field.find_first_of(",\"\r\n") == absl::string_view::npos) {
    absl::StrAppend(&row, field);
    return;
  }
  row.push_back('"');
  for (const char c : field) {
    if (c == '"') row.push_back('"');
    row.push_back(c);
  }
  row.push_back('"');
}

}  // namespace

absl::StatusOr<std::unique_ptr<OutputFile>> OutputFile::Create(const std::string& path) {
  if (access(path.c_str(), F_OK) == 0) {
    return absl::AlreadyExistsError(absl::StrCat("'", path, "' is there already; nothing changed"));
  }
  std::string temporary_path = absl::StrCat(path, ".", getpid(), ".tmp");
  std::FILE* file = std::fopen(temporary_path.c_str(), "wbx");
  if (file == nullptr) return CannotWrite(path, errno);
  return std::unique_ptr<OutputFile>(new OutputFile(path, std::move(temporary_path), file));
}

OutputFile::OutputFile(const std::string& path, std::string temporary_path, std::FILE* file)
    : path_(path), temporary_path_(std::move(temporary_path)), file_(file) {
  buffer_.reserve(kBufferBytes + 1024);
}

OutputFile::~OutputFile() {
  if (file_ != nullptr) std::fclose(file_);
  if (!temporary_path_.empty()) unlink(temporary_path_.c_str());
}

absl::Status OutputFile::WriteRow(absl::Span<const absl::string_view> fields) {
  for (size_t i = 0; i < fields.size(); ++i) {
    if (i > 0) buffer_.push_back(',');
    AppendField(fields[i], buffer_);
  }
  buffer_.push_back('\n');
  ++row_count_;
  return buffer_.size() < kBufferBytes ? absl::OkStatus() : Flush();
}

absl::Status OutputFile::Flush() {
  const bool written = std::fwrite(buffer_.data(), 1, buffer_.size(), file_) == buffer_.size();
  buffer_.clear();
  return written ? absl::OkStatus() : CannotWrite(path_, errno);
}

absl::Status OutputFile::Close() {
  CLIENTELE_RETURN_IF_ERROR(Flush());
  std::FILE* const file = std::exchange(file_, nullptr);
  return std::fclose(file) == 0 ? absl::OkStatus() : CannotWrite(path_, errno);
}

absl::Status OutputFile::Publish() {
  if (std::rename(temporary_path_.c_str(), path_.c_str()) != 0) return CannotWrite(path_, errno);
  temporary_path_.clear();
  return absl::OkStatus();
}

}  // namespace clientele::cli
