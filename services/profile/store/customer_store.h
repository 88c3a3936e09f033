#ifndef SERVICES_PROFILE_STORE_CUSTOMER_STORE_H_
#define SERVICES_PROFILE_STORE_CUSTOMER_STORE_H_

// Customers, their facts and identifiers in SQL.
//
// Every function works in the caller's transaction and answers the errors of common/sql/database.h
// and, where it has the vault in which values are sealed, of common/sealing/vault.h, besides its
// own. A value whose key is no more is empty. Stateless and thread-safe, as far as the Tx is.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "common/filter/bound_filter.h"
#include "common/sealing/vault.h"
#include "common/sql/database.h"
#include "services/profile/domain/customer.h"
#include "services/profile/domain/customer_plan.h"

namespace clientele::profile {

// Locks the root rows of these customers, in key order; those that do not exist are skipped. To be
// called before they are read. `ids` need be neither sorted nor unique.
absl::Status LockCustomers(sql::Tx& tx, std::vector<std::string> ids);

// The root rows of those of `ids` that exist.
absl::StatusOr<std::vector<CustomerRoot>> LoadRoots(sql::Tx& tx, std::vector<std::string> ids);

// The customers of `ids` that exist, with their attributes and identifiers, by id.
absl::StatusOr<absl::flat_hash_map<CustomerId, Customer>> LoadCustomers(
    sql::Tx& tx, const sealing::Vault& vault, std::vector<std::string> ids);

// The current identifiers of those of `ids` that have any, by customer.
absl::StatusOr<absl::flat_hash_map<CustomerId, std::vector<Identifier>>> LoadIdentifiers(
    sql::Tx& tx, const sealing::Vault& vault, std::vector<std::string> ids);

// One customer, or nullopt.
absl::StatusOr<std::optional<Customer>> FindCustomer(sql::Tx& tx, const sealing::Vault& vault,
                                                     const CustomerId& id);

// At most `count_max` customers after `after_id` that meet `filter`, by id.
absl::StatusOr<std::vector<Customer>> ListCustomers(sql::Tx& tx, const sealing::Vault& vault,
                                                    const BoundFilter& filter,
                                                    absl::string_view after_id, int64_t count_max);

// Who holds which of these exclusive identifiers; shared ones are ignored.
absl::StatusOr<std::vector<IdentifierHolder>> FindHolders(sql::Tx& tx,
                                                          absl::Span<const Identifier> identifiers);

// At most `count_max` holders of one identifier, deleted customers included, the most recently
// attached first.
absl::StatusOr<std::vector<CustomerId>> ListHolders(sql::Tx& tx, absl::string_view identifier_hash,
                                                    int64_t count_max);

// A fact and whether the customer shows it.
struct ListedFact {
  Fact fact;
  bool current;
};

// Where a page of facts begins: after this fact, newest first.
struct FactPosition {
  int64_t record_us;  // record_time
  std::string fact_id;
};

// At most `count_max` facts after `after` (nullopt: from the newest), newest record_time first.
absl::StatusOr<std::vector<ListedFact>> ListFacts(sql::Tx& tx, const sealing::Vault& vault,
                                                  const CustomerId& customer_id,
                                                  const std::optional<FactPosition>& after,
                                                  int64_t count_max);

// Stores what a plan changes; events are the caller's. ABORTED TRANSACTION_CONFLICT when another
// transaction took the id or an exclusive identifier meanwhile.
absl::Status SaveCustomer(sql::Tx& tx, const sealing::Vault& vault, const CustomerPlan& plan,
                          absl::Time record_time);

// Inserts new root rows with their keys and identifiers, and updates existing ones; both sorted by
// id. Errors as SaveCustomer's.
struct NewRoot {
  const CustomerRoot* root;
  absl::Span<const Identifier> identifiers;
};
absl::Status InsertRoots(sql::Tx& tx, const sealing::Vault& vault, absl::Span<const NewRoot> roots,
                         absl::Time record_time);
absl::Status UpdateRoots(sql::Tx& tx, absl::Span<const CustomerRoot> roots);

}  // namespace clientele::profile

#endif  // SERVICES_PROFILE_STORE_CUSTOMER_STORE_H_
