#ifndef SERVICES_PROFILE_DOMAIN_PURCHASE_PLAN_H_
#define SERVICES_PROFILE_DOMAIN_PURCHASE_PLAN_H_

// What recording an order does.
//
// Thread safety: pure functions.

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "services/profile/domain/customer.h"
#include "services/profile/domain/event.h"
#include "services/profile/domain/identifier.h"
#include "services/profile/domain/purchase.h"

namespace clientele::profile {

// Whom an imported order means, in the words of other systems.
struct ImportedBuyer {
  std::vector<Identifier> identifiers;  // EXTERNAL ones, each once
  bool make_if_missing = false;         // when set, makes the customer if there is none
};

// What is stored that the decision depends on.
struct PurchaseContext {
  std::optional<CustomerRoot> customer;
  std::optional<std::string> recorded_hash;  // content hash of the order under this number, if any
  const ImportedBuyer* buyer = nullptr;      // null: the order did not come with an import
  absl::Span<const IdentifierHolder> holders;         // of the buyer's identifiers
  absl::Span<const Identifier> customer_identifiers;  // needed when none of `holders` is `customer`
};

// What is to be stored and told, besides the purchase itself.
struct RecordPlan {
  bool already_recorded = false;  // the same order was recorded before: nothing else is set
  bool makes_customer = false;
  CustomerRoot customer;  // after
  std::vector<Event> events;
  int64_t feed_seq = 0;  // of the purchase's own event
};

// Records `purchase`, whose totals and hash are set. Its customer becomes EXISTING.
// NOT_FOUND CUSTOMER_NOT_FOUND; ALREADY_EXISTS CUSTOMER_ID_COLLISION (the customer goes by other
// ids in a system in which the buyer has one: somebody else's id was brought to the same spelling);
// ALREADY_EXISTS PURCHASE_CONFLICT; FAILED_PRECONDITION CUSTOMER_DELETED; ALREADY_EXISTS
// IDENTIFIER_TAKEN. An order recorded with the same content is answered before PURCHASE_CONFLICT.
absl::StatusOr<RecordPlan> PlanRecordPurchase(const PurchaseContext& context,
                                              const Purchase& purchase, absl::Time record_time);

}  // namespace clientele::profile

#endif  // SERVICES_PROFILE_DOMAIN_PURCHASE_PLAN_H_
