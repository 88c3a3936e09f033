#include "cli/import/row_tally.h"

#include "cli/import/errors.h"
#include "cli/import/limits.h"

namespace clientele::cli {

absl::Status RowTally::CountRow() {
  if (rows_read_ >= kRowsMax) return TooManyRows(kRowsMax);
  ++rows_read_;
  if (on_progress_ != nullptr && rows_read_ % kProgressRows == 0) on_progress_(rows_read_);
  return absl::OkStatus();
}

}  // namespace clientele::cli
