#ifndef CLI_IMPORT_ONLINE_RETAIL_FORMAT_H_
#define CLI_IMPORT_ONLINE_RETAIL_FORMAT_H_

// UCI Online Retail: InvoiceNo, StockCode, Description, Quantity, InvoiceDate, UnitPrice,
// CustomerID, Country. A row with a negative quantity is a cancellation and gives back the last
// earlier row of the same customer, SKU and unit price with enough units left. The Country becomes
// the region; the Description is not read.

#include "absl/status/status.h"
#include "cli/import/purchase_format.h"

namespace clientele::cli {

class OnlineRetailFormat : public PurchaseFormatReader {
 public:
  absl::Status Read(InputFile& file, PurchaseCollector& collector) const override;
};

}  // namespace clientele::cli

#endif  // CLI_IMPORT_ONLINE_RETAIL_FORMAT_H_
