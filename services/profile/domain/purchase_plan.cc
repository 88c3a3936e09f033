#include "services/profile/domain/purchase_plan.h"

#include <utility>

#include "common/status/macros.h"
#include "services/profile/domain/customer_plan.h"
#include "services/profile/domain/errors.h"

namespace clientele::profile {
namespace {

absl::StatusOr<RecordPlan> MakeBuyer(const PurchaseContext& context, const PurchaseHeader& header,
                                     absl::Time record_time) {
  const NewCustomer command{.id = header.customer_id,
                            .kind = CustomerKind::kPerson,
                            .attributes = {},
                            .identifiers = context.buyer->identifiers,
                            .origin = {.channel = CollectionChannel::kImport,
                                       .source_system = header.source_system,
                                       .occur_time = header.occur_time}};
  // No attribute, no fact, no id.
  CLIENTELE_ASSIGN_OR_RETURN(CustomerPlan made,
                             PlanCreateCustomer(command, std::nullopt, context.holders, record_time,
                                                [] { return FactId(); }));
  return RecordPlan{.makes_customer = true,
                    .customer = std::move(made.after.root),
                    .events = std::move(made.events)};
}

// The system in which the customer goes by other ids than the import says; nullopt when it is whom
// the import means, or nothing tells.
std::optional<std::string> CollidingSystem(const PurchaseContext& context) {
  for (const IdentifierHolder& holder : context.holders) {
    if (holder.customer_id == context.customer->id) return std::nullopt;
  }
  for (const Identifier& named : context.buyer->identifiers) {
    for (const Identifier& known : context.customer_identifiers) {
      if (known.type == named.type && known.system == named.system) return named.system;
    }
  }
  return std::nullopt;
}

absl::Status CheckBuyer(const PurchaseContext& context, const CustomerId& customer_id) {
  if (!context.customer.has_value()) {
    const bool makes_it = context.buyer != nullptr && context.buyer->make_if_missing;
    return makes_it ? absl::OkStatus() : CustomerNotFound(customer_id);
  }
  if (context.buyer == nullptr) return absl::OkStatus();
  const std::optional<std::string> system = CollidingSystem(context);
  return system.has_value() ? CustomerIdCollision(customer_id, *system) : absl::OkStatus();
}

PurchaseRecorded RecordedEvent(const PurchaseHeader& header) {
  return PurchaseRecorded{.purchase_id = header.id,
                          .source_system = header.source_system,
                          .currency = header.currency,
                          .gross_minor = header.gross_minor,
                          .line_count = header.line_count,
                          .channel = header.channel,
                          .store = header.store,
                          .region = header.region};
}

void BecomeExisting(RecordPlan& plan, absl::Time occur_time, absl::Time record_time) {
  CustomerRoot& root = plan.customer;
  if (root.commercial_status == CommercialStatus::kExisting) return;
  root.commercial_status = CommercialStatus::kExisting;
  root.update_time = record_time;
  ++root.version;
  plan.events.push_back(NumberEvent(root, occur_time,
                                    CustomerUpdated{.state = root.state,
                                                    .commercial_status = root.commercial_status,
                                                    .changed_fields = {"commercial_status"},
                                                    .version = root.version}));
}

}  // namespace

absl::StatusOr<RecordPlan> PlanRecordPurchase(const PurchaseContext& context,
                                              const Purchase& purchase, absl::Time record_time) {
  const PurchaseHeader& header = purchase.header;

  // 1. Who buys, and is the order known already? The buyer comes first: an order number made of
  // the customer's id (cdnow, rfm-orders) would make a repetition of somebody else's order.
  CLIENTELE_RETURN_IF_ERROR(CheckBuyer(context, header.customer_id));
  if (context.recorded_hash.has_value() && *context.recorded_hash == header.content_hash) {
    return RecordPlan{.already_recorded = true};
  }
  if (context.recorded_hash.has_value()) {
    return PurchaseConflict(header.source_system, header.order_number);
  }
  if (context.customer.has_value() && context.customer->state == CustomerState::kDeleted) {
    return CustomerIsDeleted(header.customer_id);
  }

  // 2. Record it.
  RecordPlan plan;
  if (context.customer.has_value()) {
    plan.customer = *context.customer;
  } else {
    CLIENTELE_ASSIGN_OR_RETURN(plan, MakeBuyer(context, header, record_time));
  }
  plan.events.push_back(NumberEvent(plan.customer, header.occur_time, RecordedEvent(header)));
  plan.feed_seq = plan.customer.feed_seq;
  BecomeExisting(plan, header.occur_time, record_time);
  return plan;
}

}  // namespace clientele::profile
