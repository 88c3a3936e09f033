#ifndef SERVICES_LOYALTY_STORE_SQL_REQUEST_H_
#define SERVICES_LOYALTY_STORE_SQL_REQUEST_H_

// Every SQL statement about what requests did before.
//
// Those that look up take kPairsPerStatement pairs of customer_id and another key; what is left
// over is NULL, which finds nothing. Both databases name the columns of VALUES column1, column2.

#include <cstddef>

#include "common/sql/database.h"

namespace clientele::loyalty {

inline constexpr size_t kPairsPerStatement = 16;

// Column order of an entry, then customer_id.
inline constexpr sql::Statement kSelectEntriesByCause{
    "SelectEntriesByCause",
    "SELECT e.seq, e.transaction_id, e.kind, e.debit_account, e.credit_account, e.points, "
    "e.balance_after, e.occur_time, e.record_time, e.cause_key, e.request_id, e.content_hash, "
    "e.purchase_id, e.refund_number, e.reason, e.reference, e.program_version, e.customer_id "
    "FROM (VALUES "
    "($1, $2), ($3, $4), ($5, $6), ($7, $8), ($9, $10), ($11, $12), ($13, $14), ($15, $16), "
    "($17, $18), ($19, $20), ($21, $22), ($23, $24), ($25, $26), ($27, $28), ($29, $30), "
    "($31, $32)) AS k "
    "JOIN ledger_entry e ON e.customer_id = k.column1 AND e.cause_key = k.column2"};

inline constexpr sql::Statement kInsertReversal{
    "InsertReversal",
    "INSERT INTO reversal (customer_id, original_request_id, request_id, content_hash, outcome, "
    "entry_seq, record_time) VALUES ($1, $2, $3, $4, $5, $6, $7)"};

// Column order of a reversal: original_request_id, request_id, content_hash, outcome, entry_seq,
// customer_id. Oldest first.
inline constexpr sql::Statement kSelectReversalsOfOriginals{
    "SelectReversalsOfOriginals",
    "SELECT r.original_request_id, r.request_id, r.content_hash, r.outcome, r.entry_seq, "
    "r.customer_id FROM (VALUES "
    "($1, $2), ($3, $4), ($5, $6), ($7, $8), ($9, $10), ($11, $12), ($13, $14), ($15, $16), "
    "($17, $18), ($19, $20), ($21, $22), ($23, $24), ($25, $26), ($27, $28), ($29, $30), "
    "($31, $32)) AS k "
    "JOIN reversal r ON r.customer_id = k.column1 AND r.original_request_id = k.column2 "
    "ORDER BY r.record_time, r.request_id"};

inline constexpr sql::Statement kSelectReversalsByRequest{
    "SelectReversalsByRequest",
    "SELECT r.original_request_id, r.request_id, r.content_hash, r.outcome, r.entry_seq, "
    "r.customer_id FROM (VALUES "
    "($1, $2), ($3, $4), ($5, $6), ($7, $8), ($9, $10), ($11, $12), ($13, $14), ($15, $16), "
    "($17, $18), ($19, $20), ($21, $22), ($23, $24), ($25, $26), ($27, $28), ($29, $30), "
    "($31, $32)) AS k "
    "JOIN reversal r ON r.customer_id = k.column1 AND r.request_id = k.column2"};

}  // namespace clientele::loyalty

#endif  // SERVICES_LOYALTY_STORE_SQL_REQUEST_H_
