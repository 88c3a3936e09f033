// The writing side of customer_store.h.

#include <algorithm>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "common/sealing/sealed_column.h"
#include "common/sql/columns.h"
#include "common/status/macros.h"
#include "services/profile/domain/errors.h"
#include "services/profile/store/customer_store.h"
#include "services/profile/store/places.h"
#include "services/profile/store/sql_customer.h"

namespace clientele::profile {
namespace {

std::vector<sql::Param> RootParams(const CustomerRoot& root) {
  return {root.id.value(),
          static_cast<int64_t>(root.kind),
          static_cast<int64_t>(root.state),
          static_cast<int64_t>(root.commercial_status),
          root.source_system,
          root.version,
          root.feed_seq,
          sql::TimeParam(root.create_time),
          sql::TimeParam(root.update_time),
          sql::OptionalTimeParam(root.delete_time),
          root.region_code,
          root.language_code,
          sql::OptionalTimeParam(root.create_occur_time),
          sql::OptionalTimeParam(root.state_occur_time)};
}

// The slot of the look-up table: one for all in an exclusive identifier, else one per customer.
absl::string_view SlotOf(const Identifier& identifier, const CustomerId& customer_id) {
  return IsExclusive(identifier.type) ? absl::string_view() : customer_id.value();
}

// Runs a batch of inserts that skip what exists; skipping one means that another transaction was
// there first.
absl::Status InsertAll(sql::Tx& tx, const sql::Statement& statement,
                       absl::Span<const std::vector<sql::Param>> rows) {
  CLIENTELE_ASSIGN_OR_RETURN(const int64_t inserted_count, tx.ExecuteBatch(statement, rows));
  return inserted_count == static_cast<int64_t>(rows.size()) ? absl::OkStatus()
                                                             : ConcurrentChange();
}

// A row of the look-up table, with views into an identifier and its customer.
struct HolderRow {
  absl::string_view hash;
  absl::string_view slot;
  absl::string_view customer_id;
  bool is_removed = false;
};

HolderRow HolderOf(const Identifier& identifier, const CustomerId& customer_id) {
  return {identifier.hash, SlotOf(identifier, customer_id), customer_id.value()};
}

// In the order of the table's own key, which everybody takes its rows in: two requests that claim
// the same identifiers for different customers then wait for each other, but do not deadlock.
void SortByKey(std::vector<HolderRow>& holders) {
  std::sort(holders.begin(), holders.end(), [](const HolderRow& left, const HolderRow& right) {
    return std::tie(left.hash, left.slot) < std::tie(right.hash, right.slot);
  });
}

std::vector<sql::Param> HolderParams(const HolderRow& holder, absl::Time record_time) {
  return {holder.hash, holder.slot, holder.customer_id, sql::TimeParam(record_time)};
}

// Rows of identifiers with the bytes that they refer to.
struct IdentifierRows {
  explicit IdentifierRows(const sealing::CustomerKeys& keys) : sealed(keys) {}

  absl::Status Append(const CustomerId& customer_id, absl::Span<const Identifier> identifiers,
                      absl::Time record_time) {
    for (const Identifier& identifier : identifiers) {
      CLIENTELE_ASSIGN_OR_RETURN(
          const sql::Param value,
          sealed.Seal(IdentifierPlace(customer_id.value(), identifier.hash), identifier.value));
      rows.push_back({customer_id.value(), identifier.hash, sql::TimeParam(record_time),
                      static_cast<int64_t>(identifier.type), identifier.system, absl::string_view(),
                      value});
      holders.push_back(HolderOf(identifier, customer_id));
    }
    return absl::OkStatus();
  }

  absl::Status InsertHolders(sql::Tx& tx, absl::Time record_time) {
    SortByKey(holders);
    std::vector<std::vector<sql::Param>> holder_rows;
    holder_rows.reserve(holders.size());
    for (const HolderRow& holder : holders) {
      holder_rows.push_back(HolderParams(holder, record_time));
    }
    return InsertAll(tx, kInsertHolder, holder_rows);
  }

  sealing::SealedParams sealed;
  std::vector<std::vector<sql::Param>> rows;
  std::vector<HolderRow> holders;
};

// Removals and additions in one order of key.
absl::Status ChangeHolders(sql::Tx& tx, std::vector<HolderRow> holders, absl::Time record_time) {
  SortByKey(holders);
  for (const HolderRow& holder : holders) {
    if (holder.is_removed) {
      CLIENTELE_RETURN_IF_ERROR(tx.Execute(kDeleteHolder, {holder.hash, holder.slot}).status());
    } else {
      CLIENTELE_RETURN_IF_ERROR(InsertAll(tx, kInsertHolder, {HolderParams(holder, record_time)}));
    }
  }
  return absl::OkStatus();
}

absl::Status SaveIdentifiers(sql::Tx& tx, const sealing::CustomerKeys& keys,
                             const CustomerId& customer_id, const IdentifierChange& change,
                             absl::Time record_time) {
  IdentifierRows added(keys);
  CLIENTELE_RETURN_IF_ERROR(added.Append(customer_id, change.added, record_time));
  std::vector<HolderRow> holders = added.holders;
  for (const Identifier& identifier : change.removed) {
    holders.push_back(HolderOf(identifier, customer_id));
    holders.back().is_removed = true;
    CLIENTELE_RETURN_IF_ERROR(tx.Execute(kEndIdentifier, {{customer_id.value(), identifier.hash,
                                                           sql::TimeParam(record_time)}})
                                  .status());
  }
  CLIENTELE_RETURN_IF_ERROR(ChangeHolders(tx, std::move(holders), record_time));
  sealing::SealedParams sealed(keys);
  for (const Identifier& identifier : change.respelled) {
    CLIENTELE_ASSIGN_OR_RETURN(
        const sql::Param value,
        sealed.Seal(IdentifierPlace(customer_id.value(), identifier.hash), identifier.value));
    CLIENTELE_RETURN_IF_ERROR(
        tx.Execute(kRespellIdentifier, {{customer_id.value(), identifier.hash, value}}).status());
  }
  return tx.ExecuteBatch(kInsertIdentifier, added.rows).status();
}

absl::Status SaveFacts(sql::Tx& tx, const sealing::CustomerKeys& keys, const CustomerPlan& plan) {
  const CustomerId& customer_id = plan.after.root.id;
  sealing::SealedParams sealed(keys);
  for (const Fact& fact : plan.facts) {
    CLIENTELE_ASSIGN_OR_RETURN(
        const sql::Param value,
        sealed.Seal(FactPlace(customer_id.value(), fact.id.value()), fact.value));
    CLIENTELE_RETURN_IF_ERROR(
        tx.Execute(kInsertFact,
                   {{customer_id.value(), fact.id.value(), static_cast<int64_t>(fact.attribute),
                     absl::string_view(), static_cast<int64_t>(fact.origin.channel),
                     fact.origin.source_system, sql::TimeParam(fact.origin.occur_time),
                     sql::TimeParam(fact.record_time), value}})
            .status());
  }
  for (Attribute attribute : plan.newly_shown) {
    CLIENTELE_RETURN_IF_ERROR(
        tx.Execute(kUpsertShownFact, {{customer_id.value(), static_cast<int64_t>(attribute),
                                       plan.after.shown.at(attribute).id.value()}})
            .status());
  }
  return absl::OkStatus();
}

// InsertRoots for customers whose keys are made.
absl::Status InsertRootsWithKeys(sql::Tx& tx, const sealing::CustomerKeys& keys,
                                 absl::Span<const NewRoot> roots, absl::Time record_time) {
  std::vector<std::vector<sql::Param>> root_rows;
  root_rows.reserve(roots.size());
  IdentifierRows identifiers(keys);
  for (const NewRoot& made : roots) {
    root_rows.push_back(RootParams(*made.root));
    CLIENTELE_RETURN_IF_ERROR(identifiers.Append(made.root->id, made.identifiers, record_time));
  }
  CLIENTELE_RETURN_IF_ERROR(InsertAll(tx, kInsertCustomer, root_rows));
  CLIENTELE_RETURN_IF_ERROR(identifiers.InsertHolders(tx, record_time));
  return tx.ExecuteBatch(kInsertIdentifier, identifiers.rows).status();
}

absl::Status InsertCustomer(sql::Tx& tx, const sealing::Vault& vault, const CustomerPlan& plan,
                            absl::Time record_time) {
  const NewRoot made{&plan.after.root, plan.identifiers.added};
  CLIENTELE_ASSIGN_OR_RETURN(const sealing::CustomerKeys keys,
                             vault.Make(tx, {made.root->id.value()}, record_time));
  CLIENTELE_RETURN_IF_ERROR(InsertRootsWithKeys(tx, keys, {&made, 1}, record_time));
  return SaveFacts(tx, keys, plan);
}

}  // namespace

absl::Status SaveCustomer(sql::Tx& tx, const sealing::Vault& vault, const CustomerPlan& plan,
                          absl::Time record_time) {
  if (plan.is_new) return InsertCustomer(tx, vault, plan, record_time);
  const CustomerId& id = plan.after.root.id;
  CLIENTELE_RETURN_IF_ERROR(UpdateRoots(tx, {&plan.after.root, 1}));
  if (plan.facts.empty() && plan.identifiers.empty()) return absl::OkStatus();
  CLIENTELE_ASSIGN_OR_RETURN(const sealing::CustomerKeys keys,
                             vault.LoadOrMake(tx, {id.value()}, record_time));
  CLIENTELE_RETURN_IF_ERROR(SaveIdentifiers(tx, keys, id, plan.identifiers, record_time));
  return SaveFacts(tx, keys, plan);
}

absl::Status InsertRoots(sql::Tx& tx, const sealing::Vault& vault, absl::Span<const NewRoot> roots,
                         absl::Time record_time) {
  std::vector<std::string> ids;
  ids.reserve(roots.size());
  for (const NewRoot& made : roots) ids.push_back(made.root->id.value());
  CLIENTELE_ASSIGN_OR_RETURN(const sealing::CustomerKeys keys,
                             vault.Make(tx, std::move(ids), record_time));
  return InsertRootsWithKeys(tx, keys, roots, record_time);
}

absl::Status UpdateRoots(sql::Tx& tx, absl::Span<const CustomerRoot> roots) {
  std::vector<std::vector<sql::Param>> rows;
  rows.reserve(roots.size());
  for (const CustomerRoot& root : roots) rows.push_back(RootParams(root));
  return tx.ExecuteBatch(kChangeCustomer, rows).status();
}

}  // namespace clientele::profile
