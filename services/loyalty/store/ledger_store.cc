#include "services/loyalty/store/ledger_store.h"

#include "absl/strings/str_cat.h"
#include "common/sql/columns.h"
#include "common/status/macros.h"
#include "services/loyalty/store/keyed_query.h"
#include "services/loyalty/store/ledger_rows.h"
#include "services/loyalty/store/sql_ledger.h"

namespace clientele::loyalty {
namespace {

absl::Status LoadLotUses(sql::Tx& tx, const CustomerId& customer_id, Entry& entry) {
  return tx.Query(
      kSelectLotUses, {{customer_id.value(), entry.seq}}, [&entry](const sql::Row& row) {
        entry.lot_uses.push_back({row.Int64(0), std::string(row.Text(1)), row.Int64(2)});
        return absl::OkStatus();
      });
}

absl::StatusOr<std::optional<Entry>> FindEntry(sql::Tx& tx, const sql::Statement& statement,
                                               const CustomerId& customer_id, sql::Param key) {
  std::optional<Entry> entry;
  CLIENTELE_RETURN_IF_ERROR(
      tx.Query(statement, {{customer_id.value(), key}}, [&entry](const sql::Row& row) {
        entry = EntryFromRow(row);
        return absl::OkStatus();
      }));
  if (entry.has_value()) {
    CLIENTELE_RETURN_IF_ERROR(LoadLotUses(tx, customer_id, *entry));
  }
  return entry;
}

absl::StatusOr<std::optional<Reversal>> FindReversal(sql::Tx& tx, const sql::Statement& statement,
                                                     const CustomerId& customer_id,
                                                     absl::string_view key) {
  std::optional<Reversal> reversal;
  CLIENTELE_RETURN_IF_ERROR(
      tx.Query(statement, {{customer_id.value(), key}}, [&reversal](const sql::Row& row) {
        reversal = Reversal{.original_request_id = std::string(row.Text(0)),
                            .request_id = std::string(row.Text(1)),
                            .content_hash = std::string(row.Text(2)),
                            .outcome = static_cast<ReversalOutcome>(row.Int64(3)),
                            .entry_seq = row.IsNull(4) ? 0 : row.Int64(4)};
        return absl::OkStatus();
      }));
  return reversal;
}

}  // namespace

absl::StatusOr<std::optional<Entry>> FindEntryOfRequest(sql::Tx& tx, const CustomerId& customer_id,
                                                        absl::string_view request_id) {
  const std::string key = absl::StrCat("request/", request_id);
  return FindEntry(tx, kSelectEntryByCause, customer_id, absl::string_view(key));
}

absl::StatusOr<Entry> GetEntry(sql::Tx& tx, const CustomerId& customer_id, int64_t seq) {
  CLIENTELE_ASSIGN_OR_RETURN(std::optional<Entry> entry,
                             FindEntry(tx, kSelectEntry, customer_id, seq));
  if (!entry.has_value()) {
    return absl::InternalError("an entry that is referred to is missing");
  }
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

absl::StatusOr<std::optional<Reversal>> FindReversalOf(sql::Tx& tx, const CustomerId& customer_id,
                                                       absl::string_view original_request_id) {
  return FindReversal(tx, kSelectReversalOfOriginal, customer_id, original_request_id);
}

absl::StatusOr<std::optional<Reversal>> FindReversalByRequest(sql::Tx& tx,
                                                              const CustomerId& customer_id,
                                                              absl::string_view request_id) {
  return FindReversal(tx, kSelectReversalByRequest, customer_id, request_id);
}

absl::Status InsertReversal(sql::Tx& tx, const CustomerId& customer_id, const Reversal& reversal,
                            absl::Time record_time) {
  return tx
      .Execute(kInsertReversal,
               {{customer_id.value(), reversal.original_request_id, reversal.request_id,
                 reversal.content_hash, static_cast<int64_t>(reversal.outcome),
                 reversal.entry_seq == 0 ? sql::Param(sql::kNull) : sql::Param(reversal.entry_seq),
                 sql::TimeParam(record_time)}})
      .status();
}

absl::StatusOr<std::vector<LedgerSums>> ReadLedgerSums(sql::Tx& tx,
                                                       absl::string_view after_customer_id,
                                                       int64_t limit) {
  std::vector<LedgerSums> sums;
  CLIENTELE_RETURN_IF_ERROR(
      tx.Query(kSelectLedgerSums, {{after_customer_id, limit}}, [&sums](const sql::Row& row) {
        sums.push_back({.customer_id = std::string(row.Text(0)),
                        .available = row.Int64(1),
                        .debt = row.Int64(2),
                        .entry_count = row.Int64(3),
                        .entries_sum = row.Int64(4),
                        .entries_counted = row.Int64(5),
                        .last_seq = row.Int64(6),
                        .lots_remaining = row.Int64(7)});
        return absl::OkStatus();
      }));
  return sums;
}

}  // namespace clientele::loyalty
