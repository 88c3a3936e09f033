#ifndef CLI_IMPORT_CDNOW_FORMAT_H_
#define CLI_IMPORT_CDNOW_FORMAT_H_

// The CDNOW log, without header: master id, sample id, date YYYYMMDD, CDs, dollars, between blanks.
// The customer is the master id and each row is an order of one line: so many "cd" at dollars /
// CDs, rounded to a millionth, so that quantity x price, rounded to cents, is exactly the dollars.

#include "absl/status/status.h"
#include "cli/import/purchase_format.h"

namespace clientele::cli {

class CdnowFormat : public PurchaseFormatReader {
 public:
  absl::Status Read(InputFile& file, PurchaseCollector& collector) const override;
};

}  // namespace clientele::cli

#endif  // CLI_IMPORT_CDNOW_FORMAT_H_
