#ifndef CLI_IMPORT_ROW_TALLY_H_
#define CLI_IMPORT_ROW_TALLY_H_

// How many rows of a file were read, and which of them are not imported.
// Thread safety: one thread at a time.

#include <cstdint>
#include <functional>
#include <utility>

#include "absl/status/status.h"
#include "cli/import/rejected_rows.h"

namespace clientele::cli {

class RowTally {
 public:
  // `on_progress` is called every kProgressRows rows; may be empty.
  explicit RowTally(std::function<void(int64_t rows_read)> on_progress)
      : on_progress_(std::move(on_progress)) {}

  // To be called once per row, before its Reject. RESOURCE_EXHAUSTED after kRowsMax rows.
  absl::Status CountRow();

  void Reject(int64_t line_number, const Rejection& rejection) {
    rejected_.Add(line_number, rejection);
  }

  int64_t rows_read() const { return rows_read_; }
  const RejectedRows& rejected() const { return rejected_; }
  RejectedRows& rejected() { return rejected_; }

 private:
  std::function<void(int64_t)> on_progress_;
  int64_t rows_read_ = 0;
  RejectedRows rejected_;
};

}  // namespace clientele::cli

#endif  // CLI_IMPORT_ROW_TALLY_H_
