#ifndef CLI_GENERATE_OUTPUT_FILE_H_
#define CLI_GENERATE_OUTPUT_FILE_H_

// A CSV file that appears whole or not at all: written under a temporary name, then renamed.
// Thread safety: one thread at a time. Memory: one buffer of about 64 KiB.

#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace clientele::cli {

class OutputFile {
 public:
  // Begins the file that will be `path`. ALREADY_EXISTS when there is one, PERMISSION_DENIED or
  // UNAVAILABLE when it cannot be made; each a sentence that names the path.
  static absl::StatusOr<std::unique_ptr<OutputFile>> Create(const std::string& path);

  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;

  // Removes what was written, unless Publish came before.
  ~OutputFile();

  // Adds one row; fields are quoted where RFC 4180 needs it. UNAVAILABLE when the disk refuses.
  absl::Status WriteRow(absl::Span<const absl::string_view> fields);

  // Rows written so far, which is the line number of the last: no field holds a line break.
  int64_t row_count() const { return row_count_; }

  // Writes out and closes. UNAVAILABLE when the disk refuses. No rows after it.
  absl::Status Close();

  // Gives the closed file its name. UNAVAILABLE when that fails.
  absl::Status Publish();

 private:
  OutputFile(const std::string& path, std::string temporary_path, std::FILE* file);
  absl::Status Flush();

  std::string path_;
  std::string temporary_path_;  // empty once published
  std::FILE* file_;             // owned; nullptr once closed
  std::string buffer_;
  int64_t row_count_ = 0;
};

}  // namespace clientele::cli

#endif  // CLI_GENERATE_OUTPUT_FILE_H_
