#ifndef CLI_IMPORT_INPUT_FILE_H_
#define CLI_IMPORT_INPUT_FILE_H_

// The physical lines of a text file, plain or gzip-compressed (told by its content, not its name).
// Thread safety: one thread at a time. Memory: one buffer of about 1.2 MiB.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

struct gzFile_s;  // zlib.h

namespace clientele::cli {

// One line, without its line ending (LF or CR LF) and without a byte order mark.
struct PhysicalLine {
  absl::string_view text;  // valid until the next call of NextLine; empty when too_long
  int64_t number = 0;      // 1 for the first
  bool too_long = false;   // had more than kLineBytesMax bytes, which were skipped
};

class InputFile {
 public:
  // NOT_FOUND, PERMISSION_DENIED or UNKNOWN with a sentence naming the path.
  static absl::StatusOr<std::unique_ptr<InputFile>> Open(absl::string_view path);

  InputFile(const InputFile&) = delete;
  InputFile& operator=(const InputFile&) = delete;
  ~InputFile();

  // The next line, or nullopt at the end; a last line without line ending counts. DATA_LOSS when
  // the compressed stream is cut off or damaged, UNKNOWN when the file cannot be read further,
  // RESOURCE_EXHAUSTED after kPhysicalLinesMax lines; after an error, call no more.
  absl::StatusOr<std::optional<PhysicalLine>> NextLine();

 private:
  InputFile(absl::string_view path, gzFile_s* file);

  absl::Status Fill();
  PhysicalLine TakeLine(size_t length, size_t ending_length, bool too_long);

  std::string path_;
  gzFile_s* file_;  // owned
  std::vector<char> buffer_;
  size_t begin_ = 0;  // unread bytes are buffer_[begin_, end_)
  size_t end_ = 0;
  bool at_end_of_file_ = false;
  int64_t line_number_ = 0;
};

}  // namespace clientele::cli

#endif  // CLI_IMPORT_INPUT_FILE_H_
