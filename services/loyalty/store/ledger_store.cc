#include "services/loyalty/store/ledger_store.h"

#include "common/sql/columns.h"
#include "common/status/macros.h"
#include "services/loyalty/store/ledger_rows.h"
#include "services/loyalty/store/sql_ledger.h"

namespace clientele::loyalty {

absl::Status LoadLotUses(sql::Tx& tx, const CustomerId& customer_id, Entry& entry) {
  return tx.Query(
      kSelectLotUses, {{customer_id.value(), entry.seq}}, [&entry](const sql::Row& row) {
        entry.lot_uses.push_back({row.Int64(0), std::string(row.Text(1)), row.Int64(2)});
        return absl::OkStatus();
      });
}

absl::StatusOr<Entry> GetEntry(sql::Tx& tx, const CustomerId& customer_id, int64_t seq) {
  std::optional<Entry> entry;
  CLIENTELE_RETURN_IF_ERROR(
      tx.Query(kSelectEntry, {{customer_id.value(), seq}}, [&entry](const sql::Row& row) {
        entry = EntryFromRow(row);
        return absl::OkStatus();
      }));
  if (!entry.has_value()) {
    return absl::InternalError("an entry that is referred to is missing");
  }
  CLIENTELE_RETURN_IF_ERROR(LoadLotUses(tx, customer_id, *entry));
  return *std::move(entry);
}

absl::StatusOr<std::vector<Entry>> ListEntries(sql::Tx& tx, const CustomerId& customer_id,
                                               int64_t before_seq, int64_t limit) {
  std::vector<Entry> entries;
  CLIENTELE_RETURN_IF_ERROR(tx.Query(kListEntries, {{customer_id.value(), before_seq, limit}},
                                     [&entries](const sql::Row& row) {
                                       entries.push_back(EntryFromRow(row));
                                       return absl::OkStatus();
                                     }));
  return entries;
}

absl::StatusOr<std::vector<Lot>> ListLots(sql::Tx& tx, const CustomerId& customer_id,
                                          const LotPageQuery& query) {
  std::vector<Lot> lots;
  CLIENTELE_RETURN_IF_ERROR(
      tx.Query(kListLots,
               {{customer_id.value(), sql::TimeParam(query.after_expire_time), query.after_seq,
                 sql::OptionalTimeParam(query.open_at), query.limit}},
               [&lots](const sql::Row& row) {
                 lots.push_back(LotFromRow(row));
                 return absl::OkStatus();
               }));
  return lots;
}

absl::StatusOr<LotOutlook> ReadLotOutlook(sql::Tx& tx, const CustomerId& customer_id,
                                          absl::Time now) {
  LotOutlook outlook;
  CLIENTELE_RETURN_IF_ERROR(tx.Query(kSelectDueLots, {{customer_id.value(), sql::TimeParam(now)}},
                                     [&outlook](const sql::Row& row) {
                                       outlook.due_points = row.Int64(0);
                                       return absl::OkStatus();
                                     }));
  CLIENTELE_RETURN_IF_ERROR(tx.Query(kSelectNextExpiry,
                                     {{customer_id.value(), sql::TimeParam(now)}},
                                     [&outlook](const sql::Row& row) {
                                       outlook.next_expire_time = sql::TimeAt(row, 0);
                                       outlook.next_points = row.Int64(1);
                                       return absl::OkStatus();
                                     }));
  return outlook;
}

absl::StatusOr<std::vector<LedgerSums>> ReadLedgerSums(sql::Tx& tx,
                                                       absl::string_view after_customer_id,
                                                       int64_t limit) {
  std::vector<LedgerSums> sums;
  std::string last;
  CLIENTELE_RETURN_IF_ERROR(
      tx.Query(kSelectLedgerPageEnd, {{after_customer_id, limit}}, [&last](const sql::Row& row) {
        last = row.IsNull(0) ? "" : std::string(row.Text(0));
        return absl::OkStatus();
      }));
  if (last.empty()) {
    return sums;
  }
  sums.reserve(static_cast<size_t>(limit));
  CLIENTELE_RETURN_IF_ERROR(
      tx.Query(kSelectLedgerSums, {{after_customer_id, last}}, [&sums](const sql::Row& row) {
        sums.push_back({.customer_id = std::string(row.Text(0)),
                        .available = row.Int64(1),
                        .debt = row.Int64(2),
                        .entry_count = row.Int64(3),
                        .entries_sum = row.Int64(4),
                        .entries_counted = row.Int64(5),
                        .last_seq = row.Int64(6),
                        .lots_remaining = row.Int64(7),
                        .earned = row.Int64(8),
                        .redeemed = row.Int64(9),
                        .expired = row.Int64(10)});
        if (!row.IsNull(11)) {
          sums.back().tier_rank = static_cast<TierRank>(row.Int64(11));
        }
        return absl::OkStatus();
      }));
  return sums;
}

}  // namespace clientele::loyalty
