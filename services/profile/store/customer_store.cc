#include "services/profile/store/customer_store.h"

#include <limits>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/filter/sql.h"
#include "common/sealing/sealed_column.h"
#include "common/sql/columns.h"
#include "common/sql/filter_params.h"
#include "common/sql/keyed_query.h"
#include "common/status/macros.h"
#include "services/profile/store/places.h"
#include "services/profile/store/sql_customer.h"

namespace clientele::profile {
namespace {

using Customers = absl::flat_hash_map<CustomerId, Customer>;
using Identifiers = absl::flat_hash_map<CustomerId, std::vector<Identifier>>;

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
  if (!row.IsNull(12)) root.create_occur_time = absl::FromUnixMicros(row.Int64(12));
  if (!row.IsNull(13)) root.state_occur_time = absl::FromUnixMicros(row.Int64(13));
  return root;
}

absl::StatusOr<Fact> FactFromRow(const sealing::CustomerKeys& keys, const sql::Row& row) {
  CLIENTELE_ASSIGN_OR_RETURN(
      sealing::OpenedText value,
      sealing::ReadText(keys, FactPlace(row.Text(0), row.Text(1)), row, 3, 8));
  return Fact{.id = FactId(row.Text(1)),
              .attribute = static_cast<Attribute>(row.Int64(2)),
              .value = std::move(value.text),
              .erased = value.erased,
              .origin = {.channel = static_cast<CollectionChannel>(row.Int64(4)),
                         .source_system = std::string(row.Text(5)),
                         .occur_time = absl::FromUnixMicros(row.Int64(6))},
              .record_time = absl::FromUnixMicros(row.Int64(7))};
}

absl::Status LoadShownFacts(sql::Tx& tx, const sealing::CustomerKeys& keys,
                            absl::Span<const std::string> ids, Customers& customers) {
  return sql::QueryByKeys(tx, {kSelectShownFacts}, ids, [&](const sql::Row& row) -> absl::Status {
    CLIENTELE_ASSIGN_OR_RETURN(Fact fact, FactFromRow(keys, row));
    const Attribute attribute = fact.attribute;
    customers.at(CustomerId(row.Text(0))).shown.insert_or_assign(attribute, std::move(fact));
    return absl::OkStatus();
  });
}

// `ids` are sorted and unique.
absl::StatusOr<Identifiers> ReadIdentifiers(sql::Tx& tx, const sealing::CustomerKeys& keys,
                                            absl::Span<const std::string> ids) {
  Identifiers identifiers;
  CLIENTELE_RETURN_IF_ERROR(
      sql::QueryByKeys(tx, {kSelectIdentifiers}, ids, [&](const sql::Row& row) -> absl::Status {
        CLIENTELE_ASSIGN_OR_RETURN(
            sealing::OpenedText value,
            sealing::ReadText(keys, IdentifierPlace(row.Text(0), row.Text(1)), row, 4, 5));
        identifiers[CustomerId(row.Text(0))].push_back(
            {.type = static_cast<IdentifierType>(row.Int64(2)),
             .system = std::string(row.Text(3)),
             .value = std::move(value.text),
             .hash = std::string(row.Text(1))});
        return absl::OkStatus();
      }));
  return identifiers;
}

// Completes root rows with what belongs to them.
absl::StatusOr<Customers> Complete(sql::Tx& tx, const sealing::Vault& vault,
                                   std::vector<CustomerRoot> roots) {
  Customers customers;
  std::vector<std::string> ids;
  for (CustomerRoot& root : roots) {
    ids.push_back(root.id.value());
    const CustomerId id = root.id;
    customers[id].root = std::move(root);
  }
  sql::SortAndUnique(ids);
  CLIENTELE_ASSIGN_OR_RETURN(const sealing::CustomerKeys keys, vault.Load(tx, ids));
  CLIENTELE_RETURN_IF_ERROR(LoadShownFacts(tx, keys, ids, customers));
  CLIENTELE_ASSIGN_OR_RETURN(Identifiers identifiers, ReadIdentifiers(tx, keys, ids));
  for (auto& entry : identifiers) customers.at(entry.first).identifiers = std::move(entry.second);
  return customers;
}

}  // namespace

absl::Status LockCustomers(sql::Tx& tx, std::vector<std::string> ids) {
  sql::SortAndUnique(ids);
  return tx.LockRows("customer", "customer_id", ids);
}

absl::StatusOr<std::vector<CustomerRoot>> LoadRoots(sql::Tx& tx, std::vector<std::string> ids) {
  sql::SortAndUnique(ids);
  std::vector<CustomerRoot> roots;
  CLIENTELE_RETURN_IF_ERROR(
      sql::QueryByKeys(tx, {kSelectCustomers}, ids, [&roots](const sql::Row& row) {
        roots.push_back(RootFromRow(row));
        return absl::OkStatus();
      }));
  return roots;
}

absl::StatusOr<Customers> LoadCustomers(sql::Tx& tx, const sealing::Vault& vault,
                                        std::vector<std::string> ids) {
  CLIENTELE_ASSIGN_OR_RETURN(std::vector<CustomerRoot> roots, LoadRoots(tx, std::move(ids)));
  return Complete(tx, vault, std::move(roots));
}

absl::StatusOr<Identifiers> LoadIdentifiers(sql::Tx& tx, const sealing::Vault& vault,
                                            std::vector<std::string> ids) {
  sql::SortAndUnique(ids);
  CLIENTELE_ASSIGN_OR_RETURN(const sealing::CustomerKeys keys, vault.Load(tx, ids));
  return ReadIdentifiers(tx, keys, ids);
}

absl::StatusOr<std::optional<Customer>> FindCustomer(sql::Tx& tx, const sealing::Vault& vault,
                                                     const CustomerId& id) {
  CLIENTELE_ASSIGN_OR_RETURN(Customers customers, LoadCustomers(tx, vault, {id.value()}));
  if (customers.empty()) return std::optional<Customer>();
  return std::optional<Customer>(std::move(customers.begin()->second));
}

absl::StatusOr<std::vector<Customer>> ListCustomers(sql::Tx& tx, const sealing::Vault& vault,
                                                    const BoundFilter& filter,
                                                    absl::string_view after_id, int64_t count_max) {
  const SqlCondition condition = CompileToSql(filter, 3);
  std::vector<sql::Param> params = {after_id, count_max};
  sql::AppendFilterParams(condition.values, params);
  std::vector<CustomerRoot> roots;
  CLIENTELE_RETURN_IF_ERROR(tx.QueryText(
      kListCustomersName, absl::StrCat(kListCustomersHead, condition.text, kListCustomersTail),
      params, [&roots](const sql::Row& row) {
        roots.push_back(RootFromRow(row));
        return absl::OkStatus();
      }));
  std::vector<CustomerId> ids;
  ids.reserve(roots.size());
  for (const CustomerRoot& root : roots) ids.push_back(root.id);
  CLIENTELE_ASSIGN_OR_RETURN(Customers customers, Complete(tx, vault, std::move(roots)));
  std::vector<Customer> page;
  page.reserve(ids.size());
  for (const CustomerId& id : ids) page.push_back(std::move(customers.at(id)));
  return page;
}

absl::StatusOr<std::vector<IdentifierHolder>> FindHolders(
    sql::Tx& tx, absl::Span<const Identifier> identifiers) {
  std::vector<std::string> hashes;
  for (const Identifier& identifier : identifiers) {
    if (IsExclusive(identifier.type)) hashes.push_back(identifier.hash);
  }
  sql::SortAndUnique(hashes);
  std::vector<IdentifierHolder> holders;
  CLIENTELE_RETURN_IF_ERROR(
      sql::QueryByKeys(tx, {kSelectExclusiveHolders}, hashes, [&holders](const sql::Row& row) {
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

absl::StatusOr<std::vector<ListedFact>> ListFacts(sql::Tx& tx, const sealing::Vault& vault,
                                                  const CustomerId& customer_id,
                                                  const std::optional<FactPosition>& after,
                                                  int64_t count_max) {
  const int64_t before_us =
      after.has_value() ? after->record_us : std::numeric_limits<int64_t>::max();
  const absl::string_view before_id = after.has_value() ? after->fact_id : absl::string_view();
  CLIENTELE_ASSIGN_OR_RETURN(const sealing::CustomerKeys keys,
                             vault.Load(tx, {customer_id.value()}));
  std::vector<ListedFact> facts;
  CLIENTELE_RETURN_IF_ERROR(
      tx.Query(kListFacts, {{customer_id.value(), before_us, before_id, count_max}},
               [&](const sql::Row& row) -> absl::Status {
                 const bool current = row.Text(1) == row.Text(9);
                 CLIENTELE_ASSIGN_OR_RETURN(Fact fact, FactFromRow(keys, row));
                 facts.push_back({std::move(fact), current});
                 return absl::OkStatus();
               }));
  return facts;
}

}  // namespace clientele::profile
