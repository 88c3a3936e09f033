// The writing side of customer_store.h.

#include <string>
#include <vector>

#include "common/sql/columns.h"
#include "common/status/macros.h"
#include "services/profile/domain/errors.h"
#include "services/profile/store/customer_store.h"
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

void AppendIdentifierRows(const CustomerId& customer_id, absl::Span<const Identifier> identifiers,
                          absl::Time record_time, std::vector<std::vector<sql::Param>>& rows,
                          std::vector<std::vector<sql::Param>>& holder_rows) {
  for (const Identifier& identifier : identifiers) {
    rows.push_back({customer_id.value(), identifier.hash, sql::TimeParam(record_time),
                    static_cast<int64_t>(identifier.type), identifier.system, identifier.value});
    holder_rows.push_back({identifier.hash, SlotOf(identifier, customer_id), customer_id.value(),
                           sql::TimeParam(record_time)});
  }
}

absl::Status RemoveIdentifiers(sql::Tx& tx, const CustomerId& customer_id,
                               absl::Span<const Identifier> removed, absl::Time record_time) {
  for (const Identifier& identifier : removed) {
    CLIENTELE_RETURN_IF_ERROR(tx.Execute(kEndIdentifier, {{customer_id.value(), identifier.hash,
                                                           sql::TimeParam(record_time)}})
                                  .status());
    CLIENTELE_RETURN_IF_ERROR(
        tx.Execute(kDeleteHolder, {{identifier.hash, SlotOf(identifier, customer_id)}}).status());
  }
  return absl::OkStatus();
}

absl::Status SaveIdentifiers(sql::Tx& tx, const CustomerId& customer_id,
                             const IdentifierChange& change, absl::Time record_time) {
  CLIENTELE_RETURN_IF_ERROR(RemoveIdentifiers(tx, customer_id, change.removed, record_time));
  for (const Identifier& identifier : change.respelled) {
    CLIENTELE_RETURN_IF_ERROR(
        tx.Execute(kRespellIdentifier, {{customer_id.value(), identifier.hash, identifier.value}})
            .status());
  }
  std::vector<std::vector<sql::Param>> rows;
  std::vector<std::vector<sql::Param>> holder_rows;
  AppendIdentifierRows(customer_id, change.added, record_time, rows, holder_rows);
  CLIENTELE_RETURN_IF_ERROR(InsertAll(tx, kInsertHolder, holder_rows));
  return tx.ExecuteBatch(kInsertIdentifier, rows).status();
}

absl::Status SaveFacts(sql::Tx& tx, const CustomerPlan& plan) {
  const CustomerId& customer_id = plan.after.root.id;
  for (const Fact& fact : plan.facts) {
    CLIENTELE_RETURN_IF_ERROR(
        tx.Execute(
              kInsertFact,
              {{customer_id.value(), fact.id.value(), static_cast<int64_t>(fact.attribute),
                fact.value, static_cast<int64_t>(fact.origin.channel), fact.origin.source_system,
                sql::TimeParam(fact.origin.occur_time), sql::TimeParam(fact.record_time)}})
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

}  // namespace

absl::Status SaveCustomer(sql::Tx& tx, const CustomerPlan& plan, absl::Time record_time) {
  if (plan.is_new) {
    const NewRoot made{&plan.after.root, plan.identifiers.added};
    CLIENTELE_RETURN_IF_ERROR(InsertRoots(tx, {&made, 1}, record_time));
    return SaveFacts(tx, plan);
  }
  CLIENTELE_RETURN_IF_ERROR(UpdateRoots(tx, {&plan.after.root, 1}));
  CLIENTELE_RETURN_IF_ERROR(SaveIdentifiers(tx, plan.after.root.id, plan.identifiers, record_time));
  return SaveFacts(tx, plan);
}

absl::Status InsertRoots(sql::Tx& tx, absl::Span<const NewRoot> roots, absl::Time record_time) {
  std::vector<std::vector<sql::Param>> root_rows;
  std::vector<std::vector<sql::Param>> rows;
  std::vector<std::vector<sql::Param>> holder_rows;
  for (const NewRoot& made : roots) {
    root_rows.push_back(RootParams(*made.root));
    AppendIdentifierRows(made.root->id, made.identifiers, record_time, rows, holder_rows);
  }
  CLIENTELE_RETURN_IF_ERROR(InsertAll(tx, kInsertCustomer, root_rows));
  CLIENTELE_RETURN_IF_ERROR(InsertAll(tx, kInsertHolder, holder_rows));
  return tx.ExecuteBatch(kInsertIdentifier, rows).status();
}

absl::Status UpdateRoots(sql::Tx& tx, absl::Span<const CustomerRoot> roots) {
  std::vector<std::vector<sql::Param>> rows;
  rows.reserve(roots.size());
  for (const CustomerRoot& root : roots) rows.push_back(RootParams(root));
  return tx.ExecuteBatch(kChangeCustomer, rows).status();
}

}  // namespace clientele::profile
