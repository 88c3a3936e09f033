// The set-oriented side of purchase_store.h: what a batch loads.

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "common/sql/keyed_query.h"
#include "common/status/macros.h"
#include "services/profile/store/customer_store.h"
#include "services/profile/store/purchase_rows.h"
#include "services/profile/store/purchase_store.h"
#include "services/profile/store/sql_purchase.h"

namespace clientele::profile {
namespace {

using Rows = std::vector<std::vector<sql::Param>>;

// The customers among `roots` that hold no identifier of the buyer whom an order means by them:
// next to none, so that an import seldom reads identifiers.
std::vector<std::string> FindMisnamed(absl::Span<const BuyerDemand> buyers,
                                      absl::Span<const CustomerRoot> roots,
                                      absl::Span<const IdentifierHolder> holders) {
  absl::flat_hash_set<CustomerId> existing;
  for (const CustomerRoot& root : roots) existing.insert(root.id);
  absl::flat_hash_map<absl::string_view, const CustomerId*> holder_by_hash;
  for (const IdentifierHolder& holder : holders) {
    holder_by_hash.emplace(holder.hash, &holder.customer_id);
  }
  std::vector<std::string> misnamed;
  for (const BuyerDemand& buyer : buyers) {
    if (!existing.contains(*buyer.customer_id)) continue;
    const bool is_named = std::any_of(
        buyer.identifiers.begin(), buyer.identifiers.end(), [&](const Identifier& identifier) {
          const auto holder = holder_by_hash.find(identifier.hash);
          return holder != holder_by_hash.end() && *holder->second == *buyer.customer_id;
        });
    if (!is_named) misnamed.push_back(buyer.customer_id->value());
  }
  return misnamed;
}

absl::Status LoadBuyers(sql::Tx& tx, const sealing::Vault& vault, const BatchDemand& demand,
                        PurchaseBatch& batch) {
  CLIENTELE_ASSIGN_OR_RETURN(std::vector<CustomerRoot> roots, LoadRoots(tx, demand.customer_ids));
  std::vector<Identifier> identifiers;
  for (const BuyerDemand& buyer : demand.buyers) {
    identifiers.insert(identifiers.end(), buyer.identifiers.begin(), buyer.identifiers.end());
  }
  CLIENTELE_ASSIGN_OR_RETURN(std::vector<IdentifierHolder> holders, FindHolders(tx, identifiers));
  CLIENTELE_ASSIGN_OR_RETURN(
      auto identifiers_by_customer,
      LoadIdentifiers(tx, vault, FindMisnamed(demand.buyers, roots, holders)));

  for (CustomerRoot& root : roots) batch.LoadCustomer(std::move(root));
  for (IdentifierHolder& holder : holders) batch.LoadHolder(std::move(holder));
  for (auto& entry : identifiers_by_customer) {
    batch.LoadIdentifiers(entry.first, std::move(entry.second));
  }
  return absl::OkStatus();
}

absl::Status LoadOrders(sql::Tx& tx, const BatchDemand& demand, PurchaseBatch& batch) {
  Rows keys;
  keys.reserve(demand.purchases.size());
  for (const Purchase* purchase : demand.purchases) {
    keys.push_back({purchase->header.source_system, purchase->header.order_number});
  }
  return tx.QueryBatch(kSelectOrderHash, keys, [&](size_t index, const sql::Row& row) {
    batch.LoadOrder(demand.purchases[index]->header.id, std::string(row.Blob(0)));
    return absl::OkStatus();
  });
}

using Refunds = std::vector<const RefundCommand*>;

// Loads the purchases of `refunds`; answers the refunds whose purchase there is.
absl::StatusOr<Refunds> LoadRefundedPurchases(sql::Tx& tx, const Refunds& refunds,
                                              PurchaseBatch& batch) {
  Rows keys;
  keys.reserve(refunds.size());
  for (const RefundCommand* refund : refunds) {
    keys.push_back({refund->customer_id.value(), refund->purchase_id.value()});
  }
  Refunds found;
  CLIENTELE_RETURN_IF_ERROR(
      tx.QueryBatch(kSelectPurchase, keys, [&](size_t index, const sql::Row& row) -> absl::Status {
        CLIENTELE_ASSIGN_OR_RETURN(PurchaseHeader header, PurchaseHeaderFromRow(row));
        batch.LoadPurchase(std::move(header));
        found.push_back(refunds[index]);
        return absl::OkStatus();
      }));
  return found;
}

absl::Status LoadRefundedLines(sql::Tx& tx, const Refunds& refunds, PurchaseBatch& batch) {
  Rows keys;
  Refunds refund_of_key;
  for (const RefundCommand* refund : refunds) {
    for (const RefundLine& line : refund->refund.lines) {
      keys.push_back(
          {refund->customer_id.value(), refund->purchase_id.value(), int64_t{line.line_number}});
      refund_of_key.push_back(refund);
    }
  }
  return tx.QueryBatch(kSelectPurchaseLine, keys, [&](size_t index, const sql::Row& row) {
    batch.LoadLine(refund_of_key[index]->purchase_id, LineFromRow(row));
    return absl::OkStatus();
  });
}

absl::Status LoadRefundHashes(sql::Tx& tx, const Refunds& refunds, PurchaseBatch& batch) {
  Rows keys;
  keys.reserve(refunds.size());
  for (const RefundCommand* refund : refunds) {
    keys.push_back(
        {refund->customer_id.value(), refund->purchase_id.value(), refund->refund.refund_number});
  }
  return tx.QueryBatch(kSelectRefundHash, keys, [&](size_t index, const sql::Row& row) {
    const RefundCommand& refund = *refunds[index];
    batch.LoadRefund(refund.purchase_id, refund.refund.refund_number, std::string(row.Blob(0)));
    return absl::OkStatus();
  });
}

absl::Status LoadRefundTargets(sql::Tx& tx, const BatchDemand& demand, PurchaseBatch& batch) {
  CLIENTELE_ASSIGN_OR_RETURN(const Refunds found, LoadRefundedPurchases(tx, demand.refunds, batch));
  CLIENTELE_RETURN_IF_ERROR(LoadRefundedLines(tx, found, batch));
  return LoadRefundHashes(tx, found, batch);
}

absl::Status LoadCancelTarget(sql::Tx& tx, const CancelCommand& cancel, PurchaseBatch& batch) {
  CLIENTELE_ASSIGN_OR_RETURN(std::optional<PurchaseHeader> header,
                             FindPurchaseHeader(tx, cancel.customer_id, cancel.purchase_id));
  if (header.has_value()) batch.LoadPurchase(*std::move(header));
  return absl::OkStatus();
}

}  // namespace

absl::Status LoadBatch(sql::Tx& tx, const sealing::Vault& vault, const BatchDemand& demand,
                       PurchaseBatch& batch) {
  CLIENTELE_RETURN_IF_ERROR(LoadBuyers(tx, vault, demand, batch));
  CLIENTELE_RETURN_IF_ERROR(LoadOrders(tx, demand, batch));
  CLIENTELE_RETURN_IF_ERROR(LoadRefundTargets(tx, demand, batch));
  for (const CancelCommand* cancel : demand.cancels) {
    CLIENTELE_RETURN_IF_ERROR(LoadCancelTarget(tx, *cancel, batch));
  }
  return absl::OkStatus();
}

}  // namespace clientele::profile
