#ifndef SERVICES_PROFILE_STORE_PURCHASE_STORE_H_
#define SERVICES_PROFILE_STORE_PURCHASE_STORE_H_

// Purchases, their lines and refunds in SQL.
//
// Every function works in the caller's transaction and answers the errors of common/sql/database.h
// and, where it has the vault in which reasons are sealed, of common/sealing/vault.h, besides its
// own. A reason whose key is no more is empty. Stateless and thread-safe, as far as the Tx is.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "common/filter/bound_filter.h"
#include "common/sealing/vault.h"
#include "common/sql/database.h"
#include "services/profile/domain/purchase.h"
#include "services/profile/domain/purchase_batch.h"

namespace clientele::profile {

// One purchase with its lines and refunds, or nullopt.
absl::StatusOr<std::optional<Purchase>> FindPurchase(sql::Tx& tx, const sealing::Vault& vault,
                                                     const CustomerId& customer_id,
                                                     const PurchaseId& purchase_id);

// Where a page of purchases begins: after this purchase, newest first.
struct PurchasePosition {
  int64_t occur_us;  // occur_time
  std::string purchase_id;
};

// At most `count_max` purchases after `after` (nullopt: from the newest) that meet `filter`, newest
// occur_time first.
absl::StatusOr<std::vector<PurchaseHeader>> ListPurchases(
    sql::Tx& tx, const CustomerId& customer_id, const BoundFilter& filter,
    const std::optional<PurchasePosition>& after, int64_t count_max);

// Whom an imported order means. Views must outlive the call.
struct BuyerDemand {
  const CustomerId* customer_id;
  absl::Span<const Identifier> identifiers;  // EXTERNAL ones, at least one
};

// The source systems that purchases came from, by name, at most `count_max`.
absl::StatusOr<std::vector<std::string>> ListSourceSystems(sql::Tx& tx, int count_max);

// What a batch is going to decide about. Views must outlive the call.
struct BatchDemand {
  std::vector<std::string> customer_ids;
  std::vector<const Purchase*> purchases;
  std::vector<BuyerDemand> buyers;
  std::vector<const RefundCommand*> refunds;
  std::vector<const CancelCommand*> cancels;
};

// Loads everything the decisions depend on into `batch`; a refund loads the lines it names. Where
// something is to be stored the customers of the demand are locked before.
absl::Status LoadBatch(sql::Tx& tx, const sealing::Vault& vault, const BatchDemand& demand,
                       PurchaseBatch& batch);

// Stores what a batch decided; events are the caller's. ABORTED TRANSACTION_CONFLICT when another
// transaction made one of its customers, identifiers or orders meanwhile.
absl::Status SaveBatch(sql::Tx& tx, const sealing::Vault& vault, const BatchWrites& writes,
                       absl::Time record_time);

}  // namespace clientele::profile

#endif  // SERVICES_PROFILE_STORE_PURCHASE_STORE_H_
