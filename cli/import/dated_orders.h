#ifndef CLI_IMPORT_DATED_ORDERS_H_
#define CLI_IMPORT_DATED_ORDERS_H_

// Order numbers for formats that have none: <customer id>-<YYYY-MM-DD>-<n>, the n-th row of that
// customer and day. A row counts even when its amount is then refused, so that correcting the file
// and importing it again does not renumber, and so duplicate, the rows after it.
// Thread safety: one thread at a time.

#include <cstdint>
#include <optional>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "cli/import/purchase_collector.h"
#include "cli/import/purchase_file.h"

namespace clientele::cli {

class DatedOrders {
 public:
  // `collector` must outlive this.
  explicit DatedOrders(PurchaseCollector& collector) : collector_(collector) {}

  // Numbers the next row of the customer on the UTC day of `occur_time`. MISSING_CUSTOMER when
  // `customer_key` is empty, else what CustomerTable::Find refuses.
  std::optional<Rejection> NextNumber(absl::string_view customer_key, absl::Time occur_time,
                                      std::string* order_number);

 private:
  PurchaseCollector& collector_;
  absl::flat_hash_map<std::string, int64_t> rows_by_prefix_;
};

}  // namespace clientele::cli

#endif  // CLI_IMPORT_DATED_ORDERS_H_
