#ifndef CLI_IMPORT_CSV_TABLE_H_
#define CLI_IMPORT_CSV_TABLE_H_

// A CSV file with a header line: columns by name, rows one after the other into a collector.
// Thread safety: one thread at a time.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "cli/import/csv_reader.h"
#include "cli/import/input_file.h"
#include "cli/import/purchase_collector.h"
#include "cli/import/purchase_file.h"

namespace clientele::cli {

// A column the format reads. Formats address columns by their place in their list.
struct CsvColumn {
  absl::string_view name;
  bool required = true;
};

// What to do with a column of the header that the format does not read.
enum class UnknownColumns { kIgnore, kRefuse };

// One row; its fields live during the call it is given to.
class CsvRow {
 public:
  CsvRow(const CsvRecord& record, const std::vector<std::optional<size_t>>& places)
      : record_(record), places_(places) {}

  int64_t line_number() const { return record_.line_number; }
  bool has(size_t column) const { return places_[column].has_value(); }

  // The field of the format's column; empty when the file has no such column.
  absl::string_view operator[](size_t column) const {
    return has(column) ? record_.fields[*places_[column]] : absl::string_view();
  }

 private:
  const CsvRecord& record_;
  const std::vector<std::optional<size_t>>& places_;
};

// Takes a row: adds it to the collector, or answers why it is rejected.
using CsvRowConsumer = std::function<std::optional<Rejection>(const CsvRow&)>;

// Reads the header and then every row: each is counted, and given to `consume` unless it is broken;
// what is refused goes to `collector`. INVALID_ARGUMENT when the header is not the format's, else
// the errors of InputFile and PurchaseCollector::CountRow. `format` is named in errors.
absl::Status ReadCsvTable(InputFile& file, absl::string_view format,
                          absl::Span<const CsvColumn> columns, UnknownColumns unknown_columns,
                          PurchaseCollector& collector, const CsvRowConsumer& consume);

}  // namespace clientele::cli

#endif  // CLI_IMPORT_CSV_TABLE_H_
