#include "services/profile/store/purchase_rows.h"

#include <utility>

#include "common/status/error.h"
#include "common/status/macros.h"
#include "services/profile/store/sql_purchase.h"

namespace clientele::profile {

absl::StatusOr<CurrencyCode> StoredCurrency(absl::string_view code) {
  absl::StatusOr<CurrencyCode> currency = CurrencyCode::Parse(code);
  return currency.ok() ? currency
                       : ErrorBuilder(absl::StatusCode::kInternal, "INTERNAL",
                                      "a stored purchase has an unknown currency")
                             .Build();
}

absl::StatusOr<PurchaseHeader> PurchaseHeaderFromRow(const sql::Row& row) {
  CLIENTELE_ASSIGN_OR_RETURN(const CurrencyCode currency, StoredCurrency(row.Text(6)));
  PurchaseHeader header{.id = PurchaseId(row.Text(1)),
                        .customer_id = CustomerId(row.Text(0)),
                        .source_system = std::string(row.Text(2)),
                        .order_number = std::string(row.Text(3)),
                        .occur_time = absl::FromUnixMicros(row.Int64(4)),
                        .record_time = absl::FromUnixMicros(row.Int64(5)),
                        .currency = currency,
                        .channel = std::string(row.Text(7)),
                        .store = std::string(row.Text(8)),
                        .region = std::string(row.Text(9)),
                        .state = static_cast<PurchaseState>(row.Int64(10)),
                        .gross_minor = row.Int64(11),
                        .refunded_minor = row.Int64(12),
                        .unit_count = row.Int64(13),
                        .refunded_unit_count = row.Int64(14),
                        .line_count = static_cast<int32_t>(row.Int64(15)),
                        .refund_count = static_cast<int32_t>(row.Int64(16)),
                        .version = row.Int64(17)};
  if (!row.IsNull(18)) header.cancel_time = absl::FromUnixMicros(row.Int64(18));
  return header;
}

PurchaseLine LineFromRow(const sql::Row& row) {
  return PurchaseLine{.line_number = static_cast<int32_t>(row.Int64(0)),
                      .sku = std::string(row.Text(1)),
                      .category = std::string(row.Text(2)),
                      .quantity = row.Int64(3),
                      .unit_price_micros = row.Int64(4),
                      .gross_minor = row.Int64(5),
                      .refunded_quantity = row.Int64(6)};
}

Refund RefundFromRow(const sql::Row& row) {
  return Refund{.refund_number = std::string(row.Text(0)),
                .ordinal = static_cast<int32_t>(row.Int64(1)),
                .occur_time = absl::FromUnixMicros(row.Int64(2)),
                .record_time = absl::FromUnixMicros(row.Int64(3)),
                .lines = {},
                .amount_minor = row.Int64(4),
                .reason = "",
                .content_hash = std::string(row.Blob(6))};
}

absl::StatusOr<std::optional<PurchaseHeader>> FindPurchaseHeader(sql::Tx& tx,
                                                                 const CustomerId& customer_id,
                                                                 const PurchaseId& purchase_id) {
  std::optional<PurchaseHeader> found;
  CLIENTELE_RETURN_IF_ERROR(tx.Query(kSelectPurchase, {{customer_id.value(), purchase_id.value()}},
                                     [&found](const sql::Row& row) -> absl::Status {
                                       CLIENTELE_ASSIGN_OR_RETURN(found,
                                                                  PurchaseHeaderFromRow(row));
                                       return absl::OkStatus();
                                     }));
  return found;
}

}  // namespace clientele::profile
