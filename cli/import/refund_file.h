#ifndef CLI_IMPORT_REFUND_FILE_H_
#define CLI_IMPORT_REFUND_FILE_H_

// Reads refunds.csv, whole: the rows of one refund may stand anywhere in it. See RefundFileHelp.
// Thread safety: a pure function of the file. Memory: about 300 bytes a refund.

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "cli/import/customer_csv_file.h"
#include "cli/import/rejected_rows.h"

namespace clientele::cli {

// One refund of one order: lines, or an amount.
struct FiledRefund {
  struct Line {
    int64_t line_number = 0;  // of the order
    int64_t quantity = 0;     // 1..kQuantityMax
  };
  std::string customer_id;
  std::string order_number;
  std::string refund_number;
  absl::Time occur_time;  // the earliest row's
  std::string reason;     // the first row's
  std::vector<Line> lines;
  int64_t amount_minor = 0;           // above 0 when there are no lines
  std::vector<int64_t> file_numbers;  // the lines of the file it is made of
};

struct RefundFile {
  std::string source;                // normalised
  std::vector<FiledRefund> refunds;  // by first row
  int64_t rows_read = 0;
  RejectedRows rejected;
};

// The errors of CustomerCsvFile::Open and Next.
absl::StatusOr<RefundFile> ReadRefundFile(absl::string_view path, const CsvFileOptions& options);

// The description of the format for --help: its columns, rows, and what is refused.
std::string RefundFileHelp();

}  // namespace clientele::cli

#endif  // CLI_IMPORT_REFUND_FILE_H_
