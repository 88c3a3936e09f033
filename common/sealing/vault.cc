#include "common/sealing/vault.h"

#include <utility>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "common/sealing/sql.h"
#include "common/sql/columns.h"
#include "common/sql/errors.h"
#include "common/sql/keyed_query.h"
#include "common/status/error.h"
#include "common/status/log_detail.h"
#include "common/status/macros.h"

namespace clientele::sealing {
namespace {

// Of the key that a key-encryption key wraps only to be known again.
constexpr char kProbeContext[] = "key-encryption-key";

absl::Status KeyUnavailable(const absl::Status& cause) {
  return WithLogDetail(ErrorBuilder(absl::StatusCode::kUnavailable, "KEY_UNAVAILABLE",
                                    "a key-encryption key cannot be used now")
                           .Build(),
                       cause.message());
}

absl::Status OtherKeys(const absl::Status& cause) {
  return absl::FailedPreconditionError(absl::StrCat(
      "the database is sealed with another key-encryption key than this server has: ",
      cause.message(),
      "; give every replica the same encryption.kek_file (where that is not set, restore the file "
      "kek of data_dir), with all the keys that this database has used"));
}

WrappedKey WrappedKeyAt(const sql::Row& row, int kek_id_column) {
  return {.kek_id = std::string(row.Text(kek_id_column)),
          .bytes = std::string(row.Blob(kek_id_column + 1))};
}

absl::StatusOr<std::vector<std::string>> UsedKekIds(sql::Tx& tx) {
  std::vector<std::string> ids;
  CLIENTELE_RETURN_IF_ERROR(tx.Query(kSelectKeyEncryptionKeys, {}, [&ids](const sql::Row& row) {
    ids.emplace_back(row.Text(0));
    return absl::OkStatus();
  }));
  return ids;
}

absl::Status Remember(sql::Tx& tx, const WrappedKey& probe, absl::Time now) {
  return tx
      .Execute(kInsertKeyEncryptionKey,
               {{probe.kek_id, sql::Bytes{probe.bytes}, sql::TimeParam(now)}})
      .status();
}

}  // namespace

std::string Vault::ContextOf(absl::string_view customer_id) const {
  return absl::StrCat(service_, "/", customer_id);
}

absl::StatusOr<CustomerKeys> Vault::Load(sql::Tx& tx, std::vector<std::string> customer_ids) const {
  sql::SortAndUnique(customer_ids);
  CustomerKeys keys;
  CLIENTELE_RETURN_IF_ERROR(sql::QueryByKeys(
      tx, kSelectCustomerKeys, customer_ids, [&](const sql::Row& row) -> absl::Status {
        const absl::StatusOr<SecretKey> key =
            wrapper_.Unwrap(WrappedKeyAt(row, 1), ContextOf(row.Text(0)));
        if (!key.ok()) {
          return KeyUnavailable(key.status());
        }
        keys.Add(row.Text(0), *key);
        return absl::OkStatus();
      }));
  return keys;
}

absl::Status Vault::MakeInto(sql::Tx& tx, absl::Span<const std::string> customer_ids,
                             absl::Time now, CustomerKeys& keys) const {
  CLIENTELE_ASSIGN_OR_RETURN(const WrappedKey probe, MakeProbe());
  CLIENTELE_ASSIGN_OR_RETURN(const std::vector<std::string> used, UsedKekIds(tx));
  // Read first: on Citus a write to that table would go to every node.
  if (!absl::c_linear_search(used, probe.kek_id)) {
    CLIENTELE_RETURN_IF_ERROR(Remember(tx, probe, now));
  }
  std::vector<WrappedKey> wrapped;
  std::vector<std::vector<sql::Param>> rows;
  wrapped.reserve(customer_ids.size());
  rows.reserve(customer_ids.size());
  for (const std::string& customer_id : customer_ids) {
    CLIENTELE_ASSIGN_OR_RETURN(const SecretKey key, SecretKey::Random());
    absl::StatusOr<WrappedKey> made = wrapper_.Wrap(key, ContextOf(customer_id));
    if (!made.ok()) {
      return KeyUnavailable(made.status());
    }
    wrapped.push_back(*std::move(made));
    rows.push_back({customer_id, wrapped.back().kek_id, sql::Bytes{wrapped.back().bytes},
                    sql::TimeParam(now)});
    keys.Add(customer_id, key);
  }
  CLIENTELE_ASSIGN_OR_RETURN(const int64_t inserted, tx.ExecuteBatch(kInsertCustomerKey, rows));
  return inserted == static_cast<int64_t>(rows.size())
             ? absl::OkStatus()
             : sql::TransactionConflict("a customer's key was made concurrently");
}

absl::StatusOr<CustomerKeys> Vault::Make(sql::Tx& tx, std::vector<std::string> customer_ids,
                                         absl::Time now) const {
  sql::SortAndUnique(customer_ids);
  CustomerKeys keys;
  CLIENTELE_RETURN_IF_ERROR(MakeInto(tx, customer_ids, now, keys));
  return keys;
}

absl::StatusOr<CustomerKeys> Vault::LoadOrMake(sql::Tx& tx, std::vector<std::string> customer_ids,
                                               absl::Time now) const {
  sql::SortAndUnique(customer_ids);
  CLIENTELE_ASSIGN_OR_RETURN(CustomerKeys keys, Load(tx, customer_ids));
  std::erase_if(customer_ids, [&keys](const std::string& id) { return keys.Has(id); });
  if (!customer_ids.empty()) {
    CLIENTELE_RETURN_IF_ERROR(MakeInto(tx, customer_ids, now, keys));
  }
  return keys;
}

absl::StatusOr<WrappedKey> Vault::MakeProbe() const {
  CLIENTELE_ASSIGN_OR_RETURN(const SecretKey probe, SecretKey::Random());
  absl::StatusOr<WrappedKey> wrapped = wrapper_.Wrap(probe, kProbeContext);
  if (!wrapped.ok()) {
    return KeyUnavailable(wrapped.status());
  }
  return wrapped;
}

absl::StatusOr<RewrapPart> Vault::Rewrap(sql::Tx& tx, absl::string_view after_id,
                                         int64_t count_max) const {
  CLIENTELE_ASSIGN_OR_RETURN(const WrappedKey probe, MakeProbe());
  CLIENTELE_ASSIGN_OR_RETURN(const std::vector<std::string> used, UsedKekIds(tx));
  RewrapPart part;
  if (absl::c_all_of(used, [&probe](const std::string& id) { return id == probe.kek_id; })) {
    return part;  // no look at every customer's key
  }
  std::vector<std::pair<std::string, WrappedKey>> older;
  CLIENTELE_RETURN_IF_ERROR(tx.Query(kSelectOlderKeys, {{after_id, probe.kek_id, count_max}},
                                     [&older](const sql::Row& row) {
                                       older.emplace_back(row.Text(0), WrappedKeyAt(row, 1));
                                       return absl::OkStatus();
                                     }));
  std::vector<WrappedKey> renewed;
  std::vector<std::vector<sql::Param>> rows;
  renewed.reserve(older.size());
  rows.reserve(older.size());
  for (const auto& [customer_id, wrapped] : older) {
    part.last_id = customer_id;
    const absl::StatusOr<SecretKey> key = wrapper_.Unwrap(wrapped, ContextOf(customer_id));
    if (absl::IsUnavailable(key.status())) {
      return KeyUnavailable(key.status());
    }
    if (!key.ok()) {
      ++part.unreadable_count;
      continue;
    }
    absl::StatusOr<WrappedKey> again = wrapper_.Wrap(*key, ContextOf(customer_id));
    if (!again.ok()) {
      return KeyUnavailable(again.status());
    }
    renewed.push_back(*std::move(again));
    rows.push_back(
        {customer_id, wrapped.kek_id, renewed.back().kek_id, sql::Bytes{renewed.back().bytes}});
  }
  CLIENTELE_RETURN_IF_ERROR(tx.ExecuteBatch(kRewrapCustomerKey, rows).status());
  return part;
}

absl::Status Vault::CheckKeyEncryptionKeys(sql::Tx& tx, absl::Time now) const {
  CLIENTELE_ASSIGN_OR_RETURN(const WrappedKey probe, MakeProbe());
  bool is_known = false;
  CLIENTELE_RETURN_IF_ERROR(tx.Query(kSelectKeyEncryptionKeys, {}, [&](const sql::Row& row) {
    const WrappedKey used = WrappedKeyAt(row, 0);
    is_known = is_known || used.kek_id == probe.kek_id;
    const absl::Status unwrapped = wrapper_.Unwrap(used, kProbeContext).status();
    return unwrapped.ok() ? unwrapped : OtherKeys(unwrapped);
  }));
  return is_known ? absl::OkStatus() : Remember(tx, probe, now);
}

absl::Status Vault::ForgetUnusedKeyEncryptionKeys(sql::Tx& tx) const {
  CLIENTELE_ASSIGN_OR_RETURN(const WrappedKey probe, MakeProbe());
  return tx.Execute(kDeleteUnusedKeyEncryptionKeys, {{probe.kek_id}}).status();
}

}  // namespace clientele::sealing
