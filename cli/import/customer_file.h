#ifndef CLI_IMPORT_CUSTOMER_FILE_H_
#define CLI_IMPORT_CUSTOMER_FILE_H_

// Reads customers.csv: see CustomerFileHelp. Thread safety: one thread at a time.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "cli/import/customer_csv_file.h"

namespace clientele::cli {

// One customer, as spelled in the file. Personal: keep it out of logs and errors.
struct CustomerRow {
  int64_t line_number = 0;
  std::string customer_id;   // <source>-<slug of the spelling>
  std::string customer_key;  // the file's spelling, trimmed and in NFC as the server keeps it
  std::string kind;          // empty: not said
  // Name in clientele.profile.v1.CustomerAttributes and value, those that are not empty.
  std::vector<std::pair<absl::string_view, std::string>> attributes;
  std::string region_code;  // also among the attributes; that of phone numbers without a country
  std::string email;        // empty: not known
  std::string phone;        // empty: not known
  std::optional<absl::Time> occur_time;
};

class CustomerFile {
 public:
  // The errors of CustomerCsvFile::Open.
  static absl::StatusOr<CustomerFile> Open(absl::string_view path, const CsvFileOptions& options);

  // Adds the next `rows_max` customers to `rows`, fewer at the end of the file only. What cannot be
  // read is counted in the tally. The errors of CustomerCsvFile::Next.
  absl::Status Read(size_t rows_max, std::vector<CustomerRow>& rows);

  const std::string& source() const { return file_->source(); }
  const RowTally& tally() const { return file_->tally(); }

 private:
  explicit CustomerFile(std::unique_ptr<CustomerCsvFile> file) : file_(std::move(file)) {}

  std::unique_ptr<CustomerCsvFile> file_;
};

// The description of the format for --help: its columns, a row, and what is refused.
std::string CustomerFileHelp();

}  // namespace clientele::cli

#endif  // CLI_IMPORT_CUSTOMER_FILE_H_
