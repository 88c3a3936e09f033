#ifndef CLI_CLIENT_REJECTIONS_H_
#define CLI_CLIENT_REJECTIONS_H_

// The rows of a file that did not get in, whether the reader or the server refused them.

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "cli/import/rejected_rows.h"

namespace clientele::cli {

// Counts every row and lists the first kRejectedRowsListedMax of each reason. A value.
class Rejections {
 public:
  // Adds what the reader refused.
  void AddAll(const RejectedRows& rows);

  // Adds the rows of one item the server refused: `reason` is the error's ("PURCHASE_CONFLICT").
  void Add(absl::string_view reason, absl::string_view detail,
           absl::Span<const int64_t> line_numbers);

  // Reason to rows; only reasons with at least one.
  std::map<std::string, int64_t> RowCounts() const;

  // A paragraph per reason with the listed line numbers; "" without any rows.
  std::string ToText() const;

 private:
  struct Row {
    int64_t line_number = 0;
    std::string detail;
  };
  struct Reason {
    int64_t row_count = 0;
    std::vector<Row> listed;
  };
  std::map<std::string, Reason> reasons_;
};

}  // namespace clientele::cli

#endif  // CLI_CLIENT_REJECTIONS_H_
