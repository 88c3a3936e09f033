#ifndef CLI_IMPORT_PURCHASE_FILE_READER_H_
#define CLI_IMPORT_PURCHASE_FILE_READER_H_

// Reads a purchase file of any format, whole: orders are grouped over the whole file.
// Thread safety: a pure function of the file. Memory: about 150 bytes a row, 70 MB for the 541,909
// rows of Online Retail.

#include <cstdint>
#include <functional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "cli/import/purchase_file.h"
#include "cli/import/purchase_format.h"

namespace clientele::cli {

struct PurchaseFileOptions {
  std::string source;         // any text with a letter or digit; empty: the format's name
  std::string currency_code;  // ISO 4217; empty: the format's default
  std::function<void(int64_t rows_read)> on_progress;  // every kProgressRows rows; may be empty
};

// Plain or gzip-compressed. A row that cannot be imported is counted and listed in
// PurchaseFile::rejected. Errors, each a sentence for the terminal: NOT_FOUND, PERMISSION_DENIED,
// UNKNOWN (cannot be read); DATA_LOSS (cut off or damaged gzip); INVALID_ARGUMENT (an option, or a
// header that is not the format's); RESOURCE_EXHAUSTED (more than kRowsMax rows).
absl::StatusOr<PurchaseFile> ReadPurchaseFile(absl::string_view path, PurchaseFormat format,
                                              const PurchaseFileOptions& options);

}  // namespace clientele::cli

#endif  // CLI_IMPORT_PURCHASE_FILE_READER_H_
