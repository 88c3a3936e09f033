#ifndef CLI_IMPORT_PURCHASE_FORMAT_H_
#define CLI_IMPORT_PURCHASE_FORMAT_H_

// The purchase file formats: their names, and the interface each one implements.

#include <memory>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "cli/import/input_file.h"
#include "cli/import/purchase_collector.h"

namespace clientele::cli {

enum class PurchaseFormat { kOnlineRetail, kCdnow, kRfmOrders, kCsv };

// "online-retail", "cdnow", "rfm-orders", "csv"; also the default source.
absl::string_view ToString(PurchaseFormat format);

// nullopt for another name.
std::optional<PurchaseFormat> ParsePurchaseFormat(absl::string_view name);

// GBP for online-retail, else USD.
absl::string_view DefaultCurrency(PurchaseFormat format);

// The description of the csv format for --help: its columns, a row, and what is refused.
std::string CsvFormatHelp();

// One format. Thread safety: stateless.
class PurchaseFormatReader {
 public:
  virtual ~PurchaseFormatReader() = default;

  // Pushes every row of `file` to `collector`. Errors concern the file as a whole: a header that is
  // not the format's (INVALID_ARGUMENT), and those of InputFile and PurchaseCollector.
  virtual absl::Status Read(InputFile& file, PurchaseCollector& collector) const = 0;
};

std::unique_ptr<PurchaseFormatReader> MakePurchaseFormatReader(PurchaseFormat format);

}  // namespace clientele::cli

#endif  // CLI_IMPORT_PURCHASE_FORMAT_H_
