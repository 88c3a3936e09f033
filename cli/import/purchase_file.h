#ifndef CLI_IMPORT_PURCHASE_FILE_H_
#define CLI_IMPORT_PURCHASE_FILE_H_

// What a purchase file holds, as read: plain values that the caller sends on.
//
// Thread safety: a PurchaseFile is a value; share it for reading only. Ownership: every string_view
// points into PurchaseFile::strings and lives as long as the PurchaseFile (moving it is fine).
// Customer spellings and ids may be names (rfm-orders): keep them out of logs and errors.

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "cli/import/rejected_rows.h"
#include "cli/import/string_pool.h"

namespace clientele::cli {

// A customer with at least one imported order.
struct ImportedCustomer {
  std::string customer_id;           // <source>-<slug of the spelling>
  absl::string_view customer_key;    // the file's spelling
  std::vector<std::string> aliases;  // what people may type for it: the spelling, and perhaps the
                                     // spelling as an integer; unique within the file
};

struct ImportedLine {
  int64_t line_number = 0;  // of the file
  absl::string_view sku;
  absl::string_view category;
  int64_t quantity = 0;           // 1..kQuantityMax
  int64_t unit_price_micros = 0;  // 0..kPriceMicrosMax; no discount in any format
};

struct ImportedOrder {
  absl::string_view order_number;
  int32_t customer_index = 0;  // into PurchaseFile::customers
  absl::Time occur_time;       // the earliest line's, UTC
  absl::string_view currency_code;
  int64_t gross_minor = 0;    // of all lines
  absl::string_view channel;  // channel, store, region: the order's first line's
  absl::string_view store;
  absl::string_view region;
  std::vector<ImportedLine> lines;  // 1..kOrderLinesMax, in file order
};

// A row that gives back units of one line of one order.
struct ImportedRefund {
  std::string refund_number;      // <invoice of the cancellation>-<file line number>
  int32_t order_index = 0;        // into PurchaseFile::orders
  int64_t order_line_number = 0;  // ImportedLine::line_number
  int64_t quantity = 0;           // units that came back, positive
  int64_t unit_price_micros = 0;  // that of the order's line
  absl::Time occur_time;
  int64_t line_number = 0;  // of the file
};

// rows_read = line_count + refunds.size() + rejected.total().
struct PurchaseFile {
  std::unique_ptr<StringPool> strings;      // what the views point into
  std::string source;                       // normalised: ^[a-z0-9][a-z0-9-]{0,62}$
  std::vector<ImportedCustomer> customers;  // by first accepted line
  std::vector<ImportedOrder> orders;        // by first accepted line
  std::vector<ImportedRefund> refunds;      // by line
  int64_t rows_read = 0;                    // records, without header and empty lines
  int64_t line_count = 0;                   // of all orders
  RejectedRows rejected;
};

}  // namespace clientele::cli

#endif  // CLI_IMPORT_PURCHASE_FILE_H_
