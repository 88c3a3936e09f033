#ifndef CLI_IMPORT_CUSTOMER_CSV_FILE_H_
#define CLI_IMPORT_CUSTOMER_CSV_FILE_H_

// A file in one of the product's own csv formats whose rows each name a customer: what the readers
// of customers, refunds and complaints share. Thread safety: one thread at a time. Memory: the
// distinct customers, about 250 bytes each, so that two spellings never share an id.

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "cli/import/csv_table.h"
#include "cli/import/customer_table.h"
#include "cli/import/input_file.h"
#include "cli/import/row_tally.h"
#include "cli/import/string_pool.h"

namespace clientele::cli {

struct CsvFileOptions {
  std::string source;  // any text with a letter or digit; empty: "csv"
  std::function<void(int64_t rows_read)> on_progress;  // every kProgressRows rows; may be empty
};

// The customer a row names.
struct MentionedCustomer {
  std::string customer_id;  // <source>-<slug of the spelling>
  bool mentioned_before = false;
};

class CustomerCsvFile {
 public:
  // Plain or gzip-compressed. The errors of InputFile::Open and CsvTable::Open; INVALID_ARGUMENT
  // for a source without letter or digit. A column that is not among `columns` is refused.
  static absl::StatusOr<std::unique_ptr<CustomerCsvFile>> Open(absl::string_view path,
                                                               absl::Span<const CsvColumn> columns,
                                                               const CsvFileOptions& options);

  CustomerCsvFile(const CustomerCsvFile&) = delete;
  CustomerCsvFile& operator=(const CustomerCsvFile&) = delete;

  // As CsvTable::Next.
  absl::StatusOr<std::optional<CsvRow>> Next() { return table_->Next(tally_); }

  // Finds out whom `key`, a field as it stands in the file, means. MISSING_CUSTOMER, or the
  // rejections of CustomerTable::Find.
  std::optional<Rejection> FindCustomer(absl::string_view key, MentionedCustomer* customer);

  const std::string& source() const { return source_; }
  RowTally& tally() { return tally_; }

 private:
  CustomerCsvFile(std::unique_ptr<InputFile> file, std::string source,
                  const CsvFileOptions& options);

  std::unique_ptr<InputFile> file_;
  std::unique_ptr<CsvTable> table_;
  std::string source_;
  RowTally tally_;
  StringPool strings_;
  CustomerTable customers_;
};

// `text` as a time, or nullopt for an empty one. INVALID_TIME.
std::optional<Rejection> ReadOptionalTime(absl::string_view text,
                                          std::optional<absl::Time>* occur_time);

}  // namespace clientele::cli

#endif  // CLI_IMPORT_CUSTOMER_CSV_FILE_H_
