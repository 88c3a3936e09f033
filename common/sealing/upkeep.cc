#include "common/sealing/upkeep.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "common/sealing/sealed_column.h"
#include "common/sql/background_tx.h"
#include "common/sql/transaction.h"
#include "common/status/macros.h"

namespace clientele::sealing {
namespace {

// Of one transaction, so that nobody waits long for a lock or for a part to end.
constexpr int64_t kCustomersPerTx = 100;
constexpr int64_t kTextsPerCustomer = 100;
constexpr int64_t kKeysPerTx = 1000;

struct ClearText {
  std::string customer_id;
  std::string text;
  std::string row;
};

absl::StatusOr<std::vector<std::string>> FindCustomers(sql::Tx& tx, const TextColumn& column) {
  std::vector<std::string> ids;
  CLIENTELE_RETURN_IF_ERROR(
      tx.Query(column.select_customers, {{kCustomersPerTx}}, [&ids](const sql::Row& row) {
        ids.emplace_back(row.Text(0));
        return absl::OkStatus();
      }));
  return ids;
}

absl::StatusOr<std::vector<ClearText>> ReadTexts(sql::Tx& tx, const TextColumn& column,
                                                 absl::Span<const std::string> ids) {
  std::vector<std::vector<sql::Param>> keys;
  keys.reserve(ids.size());
  for (const std::string& id : ids) {
    keys.push_back({id, kTextsPerCustomer});
  }
  std::vector<ClearText> texts;
  CLIENTELE_RETURN_IF_ERROR(
      tx.QueryBatch(column.select_texts, keys, [&](size_t index, const sql::Row& row) {
        texts.push_back({.customer_id = ids[index],
                         .text = std::string(row.Text(0)),
                         .row = std::string(row.Text(1))});
        return absl::OkStatus();
      }));
  return texts;
}

}  // namespace

absl::StatusOr<bool> Upkeep::SealSome(const TextColumn& column) {
  CLIENTELE_ASSIGN_OR_RETURN(const std::vector<std::string> ids,
                             sql::ReadIn(database_, sql::BackgroundTx(),
                                         [&](sql::Tx& tx) { return FindCustomers(tx, column); }));
  if (ids.empty()) {
    return false;
  }
  CLIENTELE_RETURN_IF_ERROR(database_.RunInTransaction(
      sql::BackgroundTx(), [&](sql::Tx& tx) { return SealTexts(tx, column, ids); }));
  return true;
}

absl::Status Upkeep::SealTexts(sql::Tx& tx, const TextColumn& column,
                               const std::vector<std::string>& ids) {
  CLIENTELE_RETURN_IF_ERROR(lock_(tx, ids));
  CLIENTELE_ASSIGN_OR_RETURN(const std::vector<ClearText> texts, ReadTexts(tx, column, ids));
  CLIENTELE_ASSIGN_OR_RETURN(const CustomerKeys keys, vault_.LoadOrMake(tx, ids, clock_.Now()));
  SealedParams sealed(keys);
  std::vector<std::vector<sql::Param>> rows;
  rows.reserve(texts.size());
  for (const ClearText& text : texts) {
    const Place place = {.customer_id = text.customer_id, .column = column.column, .row = text.row};
    CLIENTELE_ASSIGN_OR_RETURN(const sql::Param bytes, sealed.Seal(place, text.text));
    rows.push_back({bytes, text.customer_id, text.row, text.text});
  }
  return tx.ExecuteBatch(column.seal, rows).status();
}

absl::StatusOr<bool> Upkeep::RewrapSome() {
  CLIENTELE_ASSIGN_OR_RETURN(const RewrapPart part,
                             sql::WriteIn(database_, sql::BackgroundTx(), [&](sql::Tx& tx) {
                               return vault_.Rewrap(tx, rewrapped_to_, kKeysPerTx);
                             }));
  unreadable_count_ += part.unreadable_count;
  rewrapped_to_ = part.last_id;
  if (!part.last_id.empty()) {
    return true;
  }
  if (const int64_t count = std::exchange(unreadable_count_, 0); count > 0) {
    return absl::FailedPreconditionError(absl::StrCat(
        count, " customers' keys do not unwrap; the key-encryption keys before are still needed"));
  }
  CLIENTELE_RETURN_IF_ERROR(database_.RunInTransaction(sql::BackgroundTx(), [this](sql::Tx& tx) {
    return vault_.ForgetUnusedKeyEncryptionKeys(tx);
  }));
  rewrapped_all_ = true;
  return false;
}

absl::StatusOr<bool> Upkeep::RunPart() {
  for (const TextColumn& column : columns_) {
    CLIENTELE_ASSIGN_OR_RETURN(const bool has_sealed, SealSome(column));
    if (has_sealed) {
      return true;
    }
  }
  if (rewrapped_all_) {
    return false;
  }
  return RewrapSome();
}

}  // namespace clientele::sealing
