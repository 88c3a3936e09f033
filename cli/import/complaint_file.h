#ifndef CLI_IMPORT_COMPLAINT_FILE_H_
#define CLI_IMPORT_COMPLAINT_FILE_H_

// Reads complaints.csv: see ComplaintFileHelp. Thread safety: one thread at a time. Memory: the ids
// of the complaints read so far, so that two spellings never share one.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "cli/import/customer_csv_file.h"

namespace clientele::cli {

// One complaint, as spelled in the file. Personal: keep it out of logs and errors.
struct ComplaintRow {
  int64_t line_number = 0;
  std::string customer_id;   // <source>-<slug of the spelling>
  std::string complaint_id;  // <source>-<slug of the spelling>
  std::optional<absl::Time> occur_time;
  std::string channel;
  std::string type;
  int severity = 0;  // 1 (gravest) to 4
  bool safety = false;
  std::string language_code;
  std::string subject;
  std::string description;
  std::string desired_remedy;
};

class ComplaintFile {
 public:
  // The errors of CustomerCsvFile::Open.
  static absl::StatusOr<ComplaintFile> Open(absl::string_view path, const CsvFileOptions& options);

  // The next complaint, or nullopt at the end. What cannot be read is counted in the tally. The
  // errors of CustomerCsvFile::Next.
  absl::StatusOr<std::optional<ComplaintRow>> Next();

  const RowTally& tally() const { return file_->tally(); }

 private:
  explicit ComplaintFile(std::unique_ptr<CustomerCsvFile> file) : file_(std::move(file)) {}
  std::optional<Rejection> ReadRow(const CsvRow& csv, ComplaintRow* row);

  std::unique_ptr<CustomerCsvFile> file_;
  absl::flat_hash_set<std::string> ids_;
};

// The description of the format for --help: its columns, a row, and what is refused.
std::string ComplaintFileHelp();

}  // namespace clientele::cli

#endif  // CLI_IMPORT_COMPLAINT_FILE_H_
