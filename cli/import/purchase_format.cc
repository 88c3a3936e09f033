#include "cli/import/purchase_format.h"

#include "cli/import/cdnow_format.h"
#include "cli/import/csv_format.h"
#include "cli/import/online_retail_format.h"
#include "cli/import/rfm_orders_format.h"

namespace clientele::cli {

absl::string_view ToString(PurchaseFormat format) {
  switch (format) {
    case PurchaseFormat::kOnlineRetail:
      return "online-retail";
    case PurchaseFormat::kCdnow:
      return "cdnow";
    case PurchaseFormat::kRfmOrders:
      return "rfm-orders";
    case PurchaseFormat::kCsv:
      return "csv";
  }
  return "";
}

std::optional<PurchaseFormat> ParsePurchaseFormat(absl::string_view name) {
  for (const PurchaseFormat format : {PurchaseFormat::kOnlineRetail, PurchaseFormat::kCdnow,
                                      PurchaseFormat::kRfmOrders, PurchaseFormat::kCsv}) {
    if (ToString(format) == name) return format;
  }
  return std::nullopt;
}

absl::string_view DefaultCurrency(PurchaseFormat format) {
  return format == PurchaseFormat::kOnlineRetail ? "GBP" : "USD";
}

std::unique_ptr<PurchaseFormatReader> MakePurchaseFormatReader(PurchaseFormat format) {
  switch (format) {
    case PurchaseFormat::kOnlineRetail:
      return std::make_unique<OnlineRetailFormat>();
    case PurchaseFormat::kCdnow:
      return std::make_unique<CdnowFormat>();
    case PurchaseFormat::kRfmOrders:
      return std::make_unique<RfmOrdersFormat>();
    case PurchaseFormat::kCsv:
      return std::make_unique<CsvFormat>();
  }
  return nullptr;
}

}  // namespace clientele::cli
