#ifndef SERVICES_LOYALTY_STORE_SQL_LEDGER_H_
#define SERVICES_LOYALTY_STORE_SQL_LEDGER_H_

// Every SQL statement about entries and lots.

#include "common/sql/database.h"
#include "common/sql/text.h"
#include "services/loyalty/store/statement_sizes.h"

namespace clientele::loyalty {

// The columns of a member's entry, everywhere in this order. Of these request_id is written for
// servers of the release before only: it is read out of cause_key, which the entry's hash covers.
inline constexpr sql::Text kEntryColumns =
    "seq, transaction_id, kind, debit_account, credit_account, points, balance_after, occur_time, "
    "record_time, cause_key, request_id, content_hash, purchase_id, refund_number, reason, "
    "reference, program_version";
inline constexpr auto kEntryHead =
    "SELECT " + kEntryColumns + " FROM ledger_entry WHERE customer_id = $1 AND ";

inline constexpr sql::Statement kInsertEntry{
    "InsertEntry",
    sql::kTextOf<
        "INSERT INTO ledger_entry (customer_id, " + kEntryColumns +
        ", hash, used_lot_seq, used_points) "
        "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, "
        "$19, $20, $21)">};

// Chains an entry that was stored without a hash.
inline constexpr sql::Statement kChainEntry{"ChainEntry",
                                            "UPDATE ledger_entry SET hash = $3 "
                                            "WHERE customer_id = $1 AND seq = $2 AND hash IS NULL"};

inline constexpr sql::Statement kSelectEntry{"SelectEntry", sql::kTextOf<kEntryHead + "seq = $2">};

// $2: before this seq, $3: how many.
inline constexpr sql::Statement kListEntries{
    "ListEntries", sql::kTextOf<kEntryHead + "seq < $2 ORDER BY seq DESC LIMIT $3">};

inline constexpr sql::Statement kInsertLotUse{
    "InsertLotUse",
    "INSERT INTO lot_use (customer_id, entry_seq, ordinal, lot_seq, points) "
    "VALUES ($1, $2, $3, $4, $5)"};

// The one that the entry names, or those in rows of their own.
inline constexpr sql::Statement kSelectLotUses{
    "SelectLotUses",
    "SELECT u.lot_seq, l.lot_id, u.points FROM "
    "(SELECT used_lot_seq AS lot_seq, used_points AS points, 0 AS ordinal FROM ledger_entry "
    "WHERE customer_id = $1 AND seq = $2 AND used_lot_seq IS NOT NULL "
    "UNION ALL SELECT lot_seq, points, ordinal FROM lot_use "
    "WHERE customer_id = $1 AND entry_seq = $2) AS u "
    "JOIN lot l ON l.customer_id = $1 AND l.lot_seq = u.lot_seq ORDER BY u.ordinal"};

// The columns of a lot, everywhere in this order.
inline constexpr sql::Text kLotColumns =
    "customer_id, lot_seq, lot_id, points, remaining, expired, activate_time, expire_time, "
    "purchase_id, program_version, due_time";
inline constexpr auto kLotHead = "SELECT " + kLotColumns + " FROM lot WHERE customer_id ";

// A new lot, or what is left of one.
inline constexpr sql::Statement kSaveLot{
    "SaveLot", sql::kTextOf<"INSERT INTO lot (" + kLotColumns +
                            ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) "
                            "ON CONFLICT (customer_id, lot_seq) DO UPDATE SET "
                            "remaining = excluded.remaining, expired = excluded.expired">};

inline constexpr auto kOpenLotsHead = kLotHead + "IN (";
inline constexpr KeyedStatement kSelectOpenLots =
    InBothSizes("SelectOpenLots",
                sql::kTextOf<kOpenLotsHead + sql::Parameters<kFewKeys>() + ") AND remaining > 0">,
                sql::kTextOf<kOpenLotsHead + sql::Parameters<kManyKeys>() + ") AND remaining > 0">);

inline constexpr sql::Statement kSelectLot{"SelectLot",
                                           sql::kTextOf<kLotHead + "= $1 AND lot_seq = $2">};

// After the key ($2, $3); $4: only lots with points left that expire after this instant, NULL =
// all; $5: how many.
inline constexpr sql::Statement kListLots{
    "ListLots",
    sql::kTextOf<kLotHead +
                 "= $1 AND (expire_time, lot_seq) > ($2, $3) AND (CAST($4 AS BIGINT) IS NULL OR "
                 "(remaining > 0 AND expire_time > $4)) ORDER BY expire_time, lot_seq LIMIT $5">};

// What of one member has expired at $2 without an EXPIRE entry yet.
inline constexpr sql::Statement kSelectDueLots{
    "SelectDueLots",
    "SELECT CAST(COALESCE(SUM(remaining), 0) AS BIGINT) FROM lot "
    "WHERE customer_id = $1 AND remaining > 0 AND expire_time <= $2"};

// What expires next after $2.
inline constexpr sql::Statement kSelectNextExpiry{
    "SelectNextExpiry",
    "SELECT expire_time, CAST(SUM(remaining) AS BIGINT) FROM lot WHERE customer_id = $1 "
    "AND remaining > 0 AND expire_time > $2 GROUP BY expire_time ORDER BY expire_time LIMIT 1"};

// For the check of the ledger: the last of the $2 members after $1, NULL when there are none.
inline constexpr sql::Statement kSelectLedgerPageEnd{
    "SelectLedgerPageEnd",
    "SELECT MAX(page.customer_id) FROM (SELECT customer_id FROM member WHERE customer_id > $1 "
    "ORDER BY customer_id LIMIT $2) AS page"};

// For the check of the ledger: members after $1 up to $2, with the sums that must agree:
// customer_id, available, debt, entry_count, sum of entries, number of entries, highest seq, sum of
// the lots' remaining; and what is counted beside: points ever earned, redeemed and expired, tier
// rank. Accounts: 1 is the member's, 3 redeemed, 4 expired. One statement, so that it sees one
// moment of each member on Citus too, that reads each entry once.
inline constexpr sql::Statement kSelectLedgerSums{
    "SelectLedgerSums",
    "SELECT m.customer_id, m.available, m.debt, m.entry_count, COALESCE(e.sum_points, 0), "
    "COALESCE(e.counted, 0), COALESCE(e.last_seq, 0), COALESCE(l.remaining, 0), "
    "m.lifetime_earned, COALESCE(e.redeemed, 0), COALESCE(e.expired, 0), m.tier_rank "
    "FROM member m LEFT JOIN (SELECT customer_id, COUNT(*) AS counted, MAX(seq) AS last_seq, "
    "CAST(SUM(CASE WHEN credit_account = 1 THEN points ELSE -points END) AS BIGINT) AS sum_points, "
    "CAST(SUM(CASE WHEN credit_account = 3 THEN points WHEN debit_account = 3 THEN -points "
    "ELSE 0 END) AS BIGINT) AS redeemed, "
    "CAST(SUM(CASE WHEN credit_account = 4 THEN points WHEN debit_account = 4 THEN -points "
    "ELSE 0 END) AS BIGINT) AS expired "
    "FROM ledger_entry WHERE customer_id > $1 AND customer_id <= $2 GROUP BY customer_id) AS e "
    "ON e.customer_id = m.customer_id "
    "LEFT JOIN (SELECT customer_id, CAST(SUM(remaining) AS BIGINT) AS remaining FROM lot "
    "WHERE customer_id > $1 AND customer_id <= $2 GROUP BY customer_id) AS l "
    "ON l.customer_id = m.customer_id "
    "WHERE m.customer_id > $1 AND m.customer_id <= $2 ORDER BY m.customer_id"};

}  // namespace clientele::loyalty

#endif  // SERVICES_LOYALTY_STORE_SQL_LEDGER_H_
