#ifndef CLI_IMPORT_RFM_ORDERS_FORMAT_H_
#define CLI_IMPORT_RFM_ORDERS_FORMAT_H_

// The orders of the R package rfm: customer_id, order_date, revenue; each row is an order of one
// line: one "order" at the revenue. Names and e-mail addresses are never looked at.

#include "absl/status/status.h"
#include "cli/import/purchase_format.h"

namespace clientele::cli {

class RfmOrdersFormat : public PurchaseFormatReader {
 public:
  absl::Status Read(InputFile& file, PurchaseCollector& collector) const override;
};

}  // namespace clientele::cli

#endif  // CLI_IMPORT_RFM_ORDERS_FORMAT_H_
