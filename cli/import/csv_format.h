#ifndef CLI_IMPORT_CSV_FORMAT_H_
#define CLI_IMPORT_CSV_FORMAT_H_

// The product's own CSV: see CsvFormatHelp. An absent quantity column means 1, an absent unit_price
// column 0; a present but empty cell is refused. Channel, store and region are those of the order's
// first line. There are no refunds.

#include "absl/status/status.h"
#include "cli/import/purchase_format.h"

namespace clientele::cli {

class CsvFormat : public PurchaseFormatReader {
 public:
  absl::Status Read(InputFile& file, PurchaseCollector& collector) const override;
};

}  // namespace clientele::cli

#endif  // CLI_IMPORT_CSV_FORMAT_H_
