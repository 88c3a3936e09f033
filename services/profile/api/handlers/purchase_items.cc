#include "services/profile/api/handlers/purchase_items.h"

#include <optional>
#include <string>
#include <utility>
#include <variant>

#include "absl/container/flat_hash_map.h"
#include "common/status/macros.h"
#include "services/profile/domain/purchase_batch.h"
#include "services/profile/store/customer_store.h"
#include "services/profile/store/purchase_store.h"

namespace clientele::profile {
namespace {

// Names what an item needs loaded.
struct DemandCollector {
  BatchDemand& demand;

  void operator()(const OrderItem& order) const {
    demand.customer_ids.push_back(order.purchase.header.customer_id.value());
    demand.purchases.push_back(&order.purchase);
    if (!order.buyer.has_value() || order.buyer->identifiers.empty()) return;
    demand.buyers.push_back({.customer_id = &order.purchase.header.customer_id,
                             .identifiers = order.buyer->identifiers});
  }
  void operator()(const RefundCommand& refund) const {
    demand.customer_ids.push_back(refund.customer_id.value());
    demand.refunds.push_back(&refund);
  }
  void operator()(const absl::Status&) const {}
};

// Decides about one item.
struct ItemDecider {
  PurchaseBatch& batch;

  ItemOutcome operator()(const OrderItem& order) const {
    const ImportedBuyer* buyer = order.buyer.has_value() ? &*order.buyer : nullptr;
    const auto recorded = batch.Record(order.purchase, buyer);
    if (!recorded.ok()) return {.status = recorded.status()};
    return {.already_recorded = recorded->already_recorded,
            .made_customer = recorded->made_customer};
  }
  ItemOutcome operator()(const RefundCommand& refund) const {
    const auto given_back = batch.GiveBack(refund);
    if (!given_back.ok()) return {.status = given_back.status()};
    return {.already_recorded = given_back->already_recorded};
  }
  ItemOutcome operator()(const absl::Status& malformed) const { return {.status = malformed}; }
};

// The version that an event says its customer has now; nullopt when it says nothing of that.
std::optional<int64_t> VersionAfter(const Event& event) {
  if (const auto* created = std::get_if<CustomerCreated>(&event.body); created != nullptr) {
    return created->version;
  }
  const auto* updated = std::get_if<CustomerUpdated>(&event.body);
  return updated == nullptr ? std::nullopt : std::optional(updated->version);
}

BatchDemand DemandOf(absl::Span<const PurchaseItem* const> items) {
  BatchDemand demand;
  for (const PurchaseItem* item : items) std::visit(DemandCollector{demand}, *item);
  return demand;
}

}  // namespace

std::vector<std::string> CustomersOf(absl::Span<const PurchaseItem* const> items) {
  return DemandOf(items).customer_ids;
}

absl::StatusOr<ItemsOutcome> ApplyItems(sql::Tx& tx, const sealing::Vault& vault,
                                        absl::Span<const PurchaseItem* const> items,
                                        absl::Time record_time) {
  PurchaseBatch batch(record_time);
  CLIENTELE_RETURN_IF_ERROR(LoadBatch(tx, vault, DemandOf(items), batch));

  ItemsOutcome outcome;
  outcome.items.reserve(items.size());
  for (const PurchaseItem* item : items) {
    outcome.items.push_back(std::visit(ItemDecider{batch}, *item));
  }
  BatchWrites writes = std::move(batch).Finish();
  CLIENTELE_RETURN_IF_ERROR(SaveBatch(tx, vault, writes, record_time));
  outcome.events = std::move(writes.events);
  return outcome;
}

void OutdateCustomers(const ApiContext& api, absl::Span<const Event> events) {
  absl::flat_hash_map<absl::string_view, int64_t> versions;  // the last of each customer
  for (const Event& event : events) {
    const std::optional<int64_t> version = VersionAfter(event);
    if (version.has_value()) versions[event.customer_id.value()] = *version;
  }
  std::vector<cache::RowVersion> rows;
  rows.reserve(versions.size());
  for (const auto& [id, version] : versions) rows.push_back({.id = id, .version = version});
  api.cache.OutdateAll(api.cached_customers, rows);
}

}  // namespace clientele::profile
