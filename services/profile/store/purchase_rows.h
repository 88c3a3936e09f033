#ifndef SERVICES_PROFILE_STORE_PURCHASE_ROWS_H_
#define SERVICES_PROFILE_STORE_PURCHASE_ROWS_H_

// Rows of purchases, lines and refunds as domain values. Internal to the store.

#include <optional>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/money/currency.h"
#include "common/sql/database.h"
#include "services/profile/domain/purchase.h"

namespace clientele::profile {

// INTERNAL when it is unknown.
absl::StatusOr<CurrencyCode> StoredCurrency(absl::string_view code);

// Column orders as in sql_purchase.h. INTERNAL when the row holds an unknown currency.
absl::StatusOr<PurchaseHeader> PurchaseHeaderFromRow(const sql::Row& row);
PurchaseLine LineFromRow(const sql::Row& row);

// Without its lines and its reason.
Refund RefundFromRow(const sql::Row& row);

// The row of one purchase, or nullopt.
absl::StatusOr<std::optional<PurchaseHeader>> FindPurchaseHeader(sql::Tx& tx,
                                                                 const CustomerId& customer_id,
                                                                 const PurchaseId& purchase_id);

}  // namespace clientele::profile

#endif  // SERVICES_PROFILE_STORE_PURCHASE_ROWS_H_
