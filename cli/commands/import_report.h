#ifndef CLI_COMMANDS_IMPORT_REPORT_H_
#define CLI_COMMANDS_IMPORT_REPORT_H_

// What an import says at its end.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "cli/client/rejections.h"
#include "cli/environment.h"

namespace clientele::cli {

// One kind of thing an import takes in.
struct ImportedThings {
  std::string json_key;                // "orders_imported"
  std::string name;                    // "orders"
  int64_t count = 0;                   // done by this run
  std::optional<int64_t> done_before;  // not known for every kind
};

// With --json the counts as one object, and the rejected rows on standard error; else both as text.
void PrintImportReport(int64_t rows_read, const std::vector<ImportedThings>& things,
                       const Rejections& rejections, absl::Duration elapsed,
                       const Environment& environment);

}  // namespace clientele::cli

#endif  // CLI_COMMANDS_IMPORT_REPORT_H_
