#include "services/loyalty/store/ledger_rows.h"

#include "common/sql/columns.h"

namespace clientele::loyalty {

Entry EntryFromRow(const sql::Row& row) {
  Entry entry;
  entry.seq = row.Int64(0);
  entry.transaction_id = std::string(row.Text(1));
  entry.kind = static_cast<EntryKind>(row.Int64(2));
  entry.debit_account = static_cast<LedgerAccount>(row.Int64(3));
  entry.credit_account = static_cast<LedgerAccount>(row.Int64(4));
  entry.points = row.Int64(5);
  entry.balance_after = row.Int64(6);
  entry.occur_time = sql::TimeAt(row, 7);
  entry.record_time = sql::TimeAt(row, 8);
  entry.cause.key = std::string(row.Text(9));
  entry.cause.request_id = std::string(RequestIdOfCauseKey(entry.cause.key));
  entry.cause.content_hash = sql::TextAt(row, 11);
  entry.cause.purchase_id = PurchaseId(sql::TextAt(row, 12));
  entry.cause.refund_number = sql::TextAt(row, 13);
  entry.cause.reason = std::string(row.Text(14));
  entry.cause.reference = sql::TextAt(row, 15);
  entry.program_version = row.Int64(16);
  return entry;
}

Lot LotFromRow(const sql::Row& row) {
  Lot lot;
  lot.seq = row.Int64(1);
  lot.lot_id = std::string(row.Text(2));
  lot.points = row.Int64(3);
  lot.remaining = row.Int64(4);
  lot.expired = row.Int64(5);
  lot.activate_time = sql::TimeAt(row, 6);
  lot.expire_time = sql::TimeAt(row, 7);
  lot.purchase_id = PurchaseId(sql::TextAt(row, 8));
  lot.program_version = row.Int64(9);
  lot.due_time = sql::OptionalTimeAt(row, 10).value_or(lot.expire_time);
  return lot;
}

}  // namespace clientele::loyalty
