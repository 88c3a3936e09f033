#ifndef SERVICES_LOYALTY_STORE_SQL_REQUEST_H_
#define SERVICES_LOYALTY_STORE_SQL_REQUEST_H_

// Every SQL statement about what requests did before.

#include "common/sql/database.h"
#include "common/sql/text.h"
#include "services/loyalty/store/sql_ledger.h"
#include "services/loyalty/store/statement_sizes.h"

namespace clientele::loyalty {

// The statement `head` + pairs of customer_id and another key + `tail` in both sizes. What is left
// over of the pairs is NULL, which finds nothing. Both databases name the columns of VALUES column1
// and column2.
template <sql::Text kHead, sql::Text kTail>
constexpr KeyedStatement ByPairs(absl::string_view name) {
  return InBothSizes(name,
                     sql::kTextOf<kHead + " FROM (VALUES " + sql::Parameters<2 * kFewKeys, 2>() +
                                  ") AS pair " + kTail>,
                     sql::kTextOf<kHead + " FROM (VALUES " + sql::Parameters<2 * kManyKeys, 2>() +
                                  ") AS pair " + kTail>);
}

// The columns of an entry, then customer_id.
inline constexpr KeyedStatement kSelectEntriesByCause =
    ByPairs<"SELECT " + kEntryColumns + ", customer_id",
            "JOIN ledger_entry ON customer_id = column1 AND cause_key = column2">(
        "SelectEntriesByCause");

inline constexpr sql::Statement kInsertReversal{
    "InsertReversal",
    "INSERT INTO reversal (customer_id, original_request_id, request_id, content_hash, outcome, "
    "entry_seq, record_time) VALUES ($1, $2, $3, $4, $5, $6, $7)"};

// Column order of a reversal: original_request_id, request_id, content_hash, outcome, entry_seq,
// customer_id.
inline constexpr sql::Text kReversalHead =
    "SELECT r.original_request_id, r.request_id, r.content_hash, r.outcome, r.entry_seq, "
    "r.customer_id";

inline constexpr KeyedStatement kSelectReversalsByRequest =
    ByPairs<kReversalHead, "JOIN reversal r ON r.customer_id = column1 AND r.request_id = column2">(
        "SelectReversalsByRequest");

// The first one of each.
inline constexpr KeyedStatement kSelectReversalsOfOriginals =
    ByPairs<kReversalHead,
            "JOIN reversal r ON r.customer_id = column1 AND r.original_request_id = column2 "
            "AND NOT EXISTS (SELECT 1 FROM reversal earlier "
            "WHERE earlier.customer_id = r.customer_id "
            "AND earlier.original_request_id = r.original_request_id "
            "AND (earlier.record_time, earlier.request_id) < (r.record_time, r.request_id))">(
        "SelectReversalsOfOriginals");

}  // namespace clientele::loyalty

#endif  // SERVICES_LOYALTY_STORE_SQL_REQUEST_H_
