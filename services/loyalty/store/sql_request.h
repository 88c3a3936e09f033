#ifndef SERVICES_LOYALTY_STORE_SQL_REQUEST_H_
#define SERVICES_LOYALTY_STORE_SQL_REQUEST_H_

// Every SQL statement about what requests did before.

#include <cstddef>

#include "common/sql/database.h"
#include "common/sql/text.h"
#include "services/loyalty/store/sql_ledger.h"

namespace clientele::loyalty {

// Look-ups take kPairsPerStatement pairs of customer_id and another key; what is left over is NULL,
// which finds nothing. Both databases name the columns of VALUES column1 and column2.
inline constexpr size_t kPairsPerStatement = 16;
inline constexpr sql::Text kFromPairs =
    " FROM (VALUES "
    "($1, $2), ($3, $4), ($5, $6), ($7, $8), ($9, $10), ($11, $12), ($13, $14), ($15, $16), "
    "($17, $18), ($19, $20), ($21, $22), ($23, $24), ($25, $26), ($27, $28), ($29, $30), "
    "($31, $32)"
    ") AS pair ";

// The columns of an entry, then customer_id.
inline constexpr sql::Statement kSelectEntriesByCause{
    "SelectEntriesByCause",
    sql::kTextOf<"SELECT " + kEntryColumns + ", customer_id" + kFromPairs +
                 "JOIN ledger_entry ON customer_id = column1 AND cause_key = column2">};

inline constexpr sql::Statement kInsertReversal{
    "InsertReversal",
    "INSERT INTO reversal (customer_id, original_request_id, request_id, content_hash, outcome, "
    "entry_seq, record_time) VALUES ($1, $2, $3, $4, $5, $6, $7)"};

// Column order of a reversal: original_request_id, request_id, content_hash, outcome, entry_seq,
// customer_id.
inline constexpr auto kReversalHead =
    "SELECT r.original_request_id, r.request_id, r.content_hash, r.outcome, r.entry_seq, "
    "r.customer_id" +
    kFromPairs + "JOIN reversal r ON r.customer_id = column1 AND ";

inline constexpr sql::Statement kSelectReversalsByRequest{
    "SelectReversalsByRequest", sql::kTextOf<kReversalHead + "r.request_id = column2">};

// The first one of each.
inline constexpr sql::Statement kSelectReversalsOfOriginals{
    "SelectReversalsOfOriginals",
    sql::kTextOf<kReversalHead +
                 "r.original_request_id = column2 AND NOT EXISTS (SELECT 1 FROM reversal earlier "
                 "WHERE earlier.customer_id = r.customer_id "
                 "AND earlier.original_request_id = r.original_request_id "
                 "AND (earlier.record_time, earlier.request_id) < (r.record_time, r.request_id))">};

}  // namespace clientele::loyalty

#endif  // SERVICES_LOYALTY_STORE_SQL_REQUEST_H_
