#ifndef CLI_IMPORT_CSV_TABLE_H_
#define CLI_IMPORT_CSV_TABLE_H_

// A CSV file with a header line: columns by name, rows one after the other.
// Thread safety: one thread at a time.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "cli/import/csv_reader.h"
#include "cli/import/input_file.h"
#include "cli/import/row_tally.h"

namespace clientele::cli {

// A column the format reads. Formats address columns by their place in their list.
struct CsvColumn {
  absl::string_view name;
  bool required = true;
};

// What to do with a column of the header that the format does not read.
enum class UnknownColumns { kIgnore, kRefuse };

// One row; its fields live until the next one is read.
class CsvRow {
 public:
  CsvRow(const CsvRecord& record, const std::vector<std::optional<size_t>>& places)
      : record_(&record), places_(&places) {}

  int64_t line_number() const { return record_->line_number; }
  bool has(size_t column) const { return (*places_)[column].has_value(); }

  // The field of the format's column; empty when the file has no such column.
  absl::string_view operator[](size_t column) const {
    return has(column) ? record_->fields[*(*places_)[column]] : absl::string_view();
  }

 private:
  const CsvRecord* record_;
  const std::vector<std::optional<size_t>>* places_;
};

class CsvTable {
 public:
  // Reads the header. INVALID_ARGUMENT when it is not the format's, else the errors of InputFile.
  // `format` is named in errors; `file` outlives the table.
  static absl::StatusOr<std::unique_ptr<CsvTable>> Open(InputFile& file, absl::string_view format,
                                                        absl::Span<const CsvColumn> columns,
                                                        UnknownColumns unknown_columns);

  // The next row that is whole, or nullopt at the end. Every row is counted in `tally`, the broken
  // ones are rejected there. The errors of InputFile and RowTally::CountRow.
  absl::StatusOr<std::optional<CsvRow>> Next(RowTally& tally);

 private:
  explicit CsvTable(InputFile& file) : reader_(file) {}

  CsvReader reader_;
  std::vector<std::optional<size_t>> places_;  // of each of the format's columns
};

// Takes a row: keeps it, or answers why it is rejected.
using CsvRowConsumer = std::function<std::optional<Rejection>(const CsvRow&)>;

// Opens the table and gives every row to `consume`; what that refuses goes to `tally`.
absl::Status ReadCsvTable(InputFile& file, absl::string_view format,
                          absl::Span<const CsvColumn> columns, UnknownColumns unknown_columns,
                          RowTally& tally, const CsvRowConsumer& consume);

}  // namespace clientele::cli

#endif  // CLI_IMPORT_CSV_TABLE_H_
