#ifndef SERVICES_PROFILE_API_HANDLERS_PURCHASE_ITEMS_H_
#define SERVICES_PROFILE_API_HANDLERS_PURCHASE_ITEMS_H_

// Applies many orders and refunds in one transaction, each accepted or refused by itself: what
// RecordPurchases and ImportPurchases share.

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "common/sealing/vault.h"
#include "common/sql/database.h"
#include "services/profile/api/handlers/api_context.h"
#include "services/profile/domain/event.h"
#include "services/profile/domain/purchase_item.h"

namespace clientele::profile {

struct ItemOutcome {
  absl::Status status;  // why it was refused
  bool already_recorded = false;
  bool made_customer = false;
};

struct ItemsOutcome {
  std::vector<ItemOutcome> items;  // in the order of the items
  std::vector<Event> events;       // to be told; empty when nothing changed
};

// Whose items these are; an id may come more than once.
std::vector<std::string> CustomersOf(absl::Span<const PurchaseItem* const> items);

// Decides about `items` in their order and stores what was accepted. The caller has locked all
// their customers in this transaction, and took `record_time` after that. Errors are the
// database's; a refused item is no error.
absl::StatusOr<ItemsOutcome> ApplyItems(sql::Tx& tx, const sealing::Vault& vault,
                                        absl::Span<const PurchaseItem* const> items,
                                        absl::Time record_time);

// After the commit of `events`: the cache serves nothing older of the customers that they made or
// changed. What they bought alone is not part of a customer.
void OutdateCustomers(const ApiContext& api, absl::Span<const Event> events);

}  // namespace clientele::profile

#endif  // SERVICES_PROFILE_API_HANDLERS_PURCHASE_ITEMS_H_
