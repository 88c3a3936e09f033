#include "services/profile/store/customer_store.h"

#include <limits>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/filter/sql.h"
#include "common/status/macros.h"
#include "services/profile/domain/errors.h"
#include "services/profile/store/key_chunks.h"
#include "services/profile/store/params.h"
#include "services/profile/store/sql_customer.h"

namespace clientele::profile {
namespace {

using Customers = absl::flat_hash_map<CustomerId, Customer>;

CustomerRoot RootFromRow(const sql::Row& row) {
  CustomerRoot root{.id = CustomerId(row.Text(0)),
                    .kind = static_cast<CustomerKind>(row.Int64(1)),
                    .state = static_cast<CustomerState>(row.Int64(2)),
                    .commercial_status = static_cast<CommercialStatus>(row.Int64(3)),
                    .source_system = std::string(row.Text(4)),
                    .version = row.Int64(5),
                    .feed_seq = row.Int64(6),
                    .create_time = absl::FromUnixMicros(row.Int64(7)),
                    .update_time = absl::FromUnixMicros(row.Int64(8)),
                    .delete_time = std::nullopt,
                    .region_code = std::string(row.Text(10)),
                    .language_code = std::string(row.Text(11))};
  if (!row.IsNull(9)) root.delete_time = absl::FromUnixMicros(row.Int64(9));
  return root;
}

Fact FactFromRow(const sql::Row& row) {
  return Fact{.id = FactId(row.Text(1)),
              .attribute = static_cast<Attribute>(row.Int64(2)),
              .value = std::string(row.Text(3)),
              .origin = {.channel = static_cast<CollectionChannel>(row.Int64(4)),
                         .source_system = std::string(row.Text(5)),
                         .occur_time = absl::FromUnixMicros(row.Int64(6))},
              .record_time = absl::FromUnixMicros(row.Int64(7))};
}

absl::Status LoadShownFacts(sql::Tx& tx, absl::Span<const std::string> ids, Customers& customers) {
  return QueryByKeys(tx, kSelectShownFacts, ids, {}, [&](const sql::Row& row) {
    Fact fact = FactFromRow(row);
    const Attribute attribute = fact.attribute;
    customers.at(CustomerId(row.Text(0))).shown.insert_or_assign(attribute, std::move(fact));
    return absl::OkStatus();
  });
}

absl::Status LoadIdentifiers(sql::Tx& tx, absl::Span<const std::string> ids, Customers& customers) {
  return QueryByKeys(tx, kSelectIdentifiers, ids, {}, [&](const sql::Row& row) {
    customers.at(CustomerId(row.Text(0)))
        .identifiers.push_back({.type = static_cast<IdentifierType>(row.Int64(2)),
                                .system = std::string(row.Text(3)),
                                .value = std::string(row.Text(4)),
                                .hash = std::string(row.Text(1))});
    return absl::OkStatus();
  });
}

// Completes root rows with what belongs to them.
absl::StatusOr<Customers> Complete(sql::Tx& tx, std::vector<CustomerRoot> roots) {
  Customers customers;
  std::vector<std::string> ids;
  for (CustomerRoot& root : roots) {
    ids.push_back(root.id.value());
    const CustomerId id = root.id;
    customers[id].root = std::move(root);
  }
  SortAndUnique(ids);
  CLIENTELE_RETURN_IF_ERROR(LoadShownFacts(tx, ids, customers));
  CLIENTELE_RETURN_IF_ERROR(LoadIdentifiers(tx, ids, customers));
  return customers;
}

std::vector<sql::Param> InsertRootParams(const CustomerRoot& root) {
  return {root.id.value(),
          static_cast<int64_t>(root.kind),
          static_cast<int64_t>(root.state),
          static_cast<int64_t>(root.commercial_status),
          root.source_system,
          root.version,
          root.feed_seq,
          TimeParam(root.create_time),
          TimeParam(root.update_time),
          OptionalTimeParam(root.delete_time),
          root.region_code,
          root.language_code};
}

std::vector<sql::Param> UpdateRootParams(const CustomerRoot& root) {
  return {root.id.value(),
          static_cast<int64_t>(root.state),
          static_cast<int64_t>(root.commercial_status),
          root.version,
          root.feed_seq,
          TimeParam(root.update_time),
          OptionalTimeParam(root.delete_time),
          root.region_code,
          root.language_code};
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
    rows.push_back({customer_id.value(), identifier.hash, TimeParam(record_time),
                    static_cast<int64_t>(identifier.type), identifier.system, identifier.value});
    holder_rows.push_back({identifier.hash, SlotOf(identifier, customer_id), customer_id.value(),
                           TimeParam(record_time)});
  }
}

absl::Status RemoveIdentifiers(sql::Tx& tx, const CustomerId& customer_id,
                               absl::Span<const Identifier> removed, absl::Time record_time) {
  for (const Identifier& identifier : removed) {
    CLIENTELE_RETURN_IF_ERROR(
        tx.Execute(kEndIdentifier, {{customer_id.value(), identifier.hash, TimeParam(record_time)}})
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
                TimeParam(fact.origin.occur_time), TimeParam(fact.record_time)}})
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

absl::Status LockCustomers(sql::Tx& tx, std::vector<std::string> ids) {
  SortAndUnique(ids);
  return tx.LockRows("customer", "customer_id", ids);
}

absl::StatusOr<std::vector<CustomerRoot>> LoadRoots(sql::Tx& tx, std::vector<std::string> ids) {
  SortAndUnique(ids);
  std::vector<CustomerRoot> roots;
  CLIENTELE_RETURN_IF_ERROR(
      QueryByKeys(tx, kSelectCustomers, ids, {}, [&roots](const sql::Row& row) {
        roots.push_back(RootFromRow(row));
        return absl::OkStatus();
      }));
  return roots;
}

absl::StatusOr<Customers> LoadCustomers(sql::Tx& tx, std::vector<std::string> ids) {
  CLIENTELE_ASSIGN_OR_RETURN(std::vector<CustomerRoot> roots, LoadRoots(tx, std::move(ids)));
  return Complete(tx, std::move(roots));
}

absl::StatusOr<std::optional<Customer>> FindCustomer(sql::Tx& tx, const CustomerId& id) {
  CLIENTELE_ASSIGN_OR_RETURN(Customers customers, LoadCustomers(tx, {id.value()}));
  if (customers.empty()) return std::optional<Customer>();
  return std::optional<Customer>(std::move(customers.begin()->second));
}

absl::StatusOr<std::vector<Customer>> ListCustomers(sql::Tx& tx, const BoundFilter& filter,
                                                    absl::string_view after_id, int64_t count_max) {
  const SqlCondition condition = CompileToSql(filter, 3);
  std::vector<sql::Param> params = {after_id, count_max};
  AppendFilterParams(condition.values, params);
  std::vector<CustomerRoot> roots;
  CLIENTELE_RETURN_IF_ERROR(tx.QueryText(
      kListCustomersName, absl::StrCat(kListCustomersHead, condition.text, kListCustomersTail),
      params, [&roots](const sql::Row& row) {
        roots.push_back(RootFromRow(row));
        return absl::OkStatus();
      }));
  std::vector<CustomerId> ids;
  for (const CustomerRoot& root : roots) ids.push_back(root.id);
  CLIENTELE_ASSIGN_OR_RETURN(Customers customers, Complete(tx, std::move(roots)));
  std::vector<Customer> page;
  for (const CustomerId& id : ids) page.push_back(std::move(customers.at(id)));
  return page;
}

absl::StatusOr<std::vector<IdentifierHolder>> FindHolders(
    sql::Tx& tx, absl::Span<const Identifier> identifiers) {
  std::vector<std::string> hashes;
  for (const Identifier& identifier : identifiers) {
    if (IsExclusive(identifier.type)) hashes.push_back(identifier.hash);
  }
  SortAndUnique(hashes);
  std::vector<IdentifierHolder> holders;
  CLIENTELE_RETURN_IF_ERROR(
      QueryByKeys(tx, kSelectExclusiveHolders, hashes, {}, [&holders](const sql::Row& row) {
        holders.push_back({std::string(row.Text(0)), CustomerId(row.Text(1))});
        return absl::OkStatus();
      }));
  return holders;
}

absl::StatusOr<std::vector<CustomerId>> ListHolders(sql::Tx& tx, absl::string_view identifier_hash,
                                                    int64_t count_max) {
  std::vector<CustomerId> holders;
  CLIENTELE_RETURN_IF_ERROR(
      tx.Query(kListHolders, {{identifier_hash, count_max}}, [&holders](const sql::Row& row) {
        holders.emplace_back(row.Text(0));
        return absl::OkStatus();
      }));
  return holders;
}

absl::StatusOr<std::vector<ListedFact>> ListFacts(sql::Tx& tx, const CustomerId& customer_id,
                                                  const std::optional<FactPosition>& after,
                                                  int64_t count_max) {
  const int64_t before_us =
      after.has_value() ? after->record_us : std::numeric_limits<int64_t>::max();
  const absl::string_view before_id = after.has_value() ? after->fact_id : absl::string_view();
  std::vector<ListedFact> facts;
  CLIENTELE_RETURN_IF_ERROR(tx.Query(kListFacts,
                                     {{customer_id.value(), before_us, before_id, count_max}},
                                     [&facts](const sql::Row& row) {
                                       const bool current = row.Text(1) == row.Text(8);
                                       facts.push_back({FactFromRow(row), current});
                                       return absl::OkStatus();
                                     }));
  return facts;
}

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
    root_rows.push_back(InsertRootParams(*made.root));
    AppendIdentifierRows(made.root->id, made.identifiers, record_time, rows, holder_rows);
  }
  CLIENTELE_RETURN_IF_ERROR(InsertAll(tx, kInsertCustomer, root_rows));
  CLIENTELE_RETURN_IF_ERROR(InsertAll(tx, kInsertHolder, holder_rows));
  return tx.ExecuteBatch(kInsertIdentifier, rows).status();
}

absl::Status UpdateRoots(sql::Tx& tx, absl::Span<const CustomerRoot> roots) {
  std::vector<std::vector<sql::Param>> rows;
  for (const CustomerRoot& root : roots) rows.push_back(UpdateRootParams(root));
  return tx.ExecuteBatch(kUpdateCustomer, rows).status();
}

}  // namespace clientele::profile
