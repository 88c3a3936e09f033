#ifndef CLI_IMPORT_CSV_READER_H_
#define CLI_IMPORT_CSV_READER_H_

// The RFC 4180 records of a file. A broken record costs one row: it is given with its fault, and
// reading goes on at the physical line after the one it began on.
// Thread safety: one thread at a time.

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "cli/import/csv_parser.h"
#include "cli/import/input_file.h"

namespace clientele::cli {

enum class CsvFault {
  kStrayQuote,
  kUnterminatedQuote,  // no closing quote within kRecordLinesMax lines of valid text
  kWrongFieldCount,
  kInvalidUtf8,
  kLineTooLong,
};

struct CsvRecord {
  int64_t line_number = 0;        // of the physical line it begins on; 1 is the file's first
  std::optional<CsvFault> fault;  // then `fields` is empty
  std::vector<absl::string_view> fields;  // unquoted; valid until the next call of Next
};

class CsvReader {
 public:
  // `file` must outlive the reader.
  explicit CsvReader(InputFile& file) : file_(file) {}

  // From now on a record with another number of fields is broken. Before it is called, up to
  // kCsvFieldsMax fields are taken.
  void RequireFieldCount(size_t count) { field_count_ = count; }

  // The next record, owned by the reader, or nullptr at the end. Empty lines are skipped. Errors
  // are those of InputFile::NextLine.
  absl::StatusOr<const CsvRecord*> Next();

 private:
  struct QueuedLine {
    std::string text;
    int64_t number = 0;
    bool too_long = false;
  };

  absl::StatusOr<std::optional<PhysicalLine>> NextLine();
  void SplitUnquoted(absl::string_view line);
  absl::Status ParseQuoted(absl::string_view line);
  absl::StatusOr<bool> FeedNextLine(CsvParser::State* state);
  void CheckFieldCount();

  InputFile& file_;
  std::optional<size_t> field_count_;
  CsvRecord record_;
  CsvParser parser_;
  std::vector<QueuedLine> continuation_;  // lines after the first of the record being read
  std::deque<QueuedLine> queue_;          // lines of broken records, to be read again
  QueuedLine current_;                    // the line taken from queue_ last
};

}  // namespace clientele::cli

#endif  // CLI_IMPORT_CSV_READER_H_
