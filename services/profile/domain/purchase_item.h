#ifndef SERVICES_PROFILE_DOMAIN_PURCHASE_ITEM_H_
#define SERVICES_PROFILE_DOMAIN_PURCHASE_ITEM_H_

// One of many orders and refunds that are decided about together.

#include <optional>
#include <variant>

#include "absl/status/status.h"
#include "services/profile/domain/purchase.h"
#include "services/profile/domain/purchase_plan.h"
#include "services/profile/domain/refund_plan.h"

namespace clientele::profile {

struct OrderItem {
  Purchase purchase;
  std::optional<ImportedBuyer> buyer;  // of an import
};

// An order, a refund, or why the item was malformed.
using PurchaseItem = std::variant<OrderItem, RefundCommand, absl::Status>;

}  // namespace clientele::profile

#endif  // SERVICES_PROFILE_DOMAIN_PURCHASE_ITEM_H_
