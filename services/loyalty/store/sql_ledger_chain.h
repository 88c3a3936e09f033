#ifndef SERVICES_LOYALTY_STORE_SQL_LEDGER_CHAIN_H_
#define SERVICES_LOYALTY_STORE_SQL_LEDGER_CHAIN_H_

// Every SQL statement that checks the chains of entries.

#include "common/sql/database.h"
#include "common/sql/text.h"
#include "services/loyalty/store/sql_ledger.h"

namespace clientele::loyalty {

// Of one member, behind entry $2; $3: how many. The columns of an entry, then used_lot_seq,
// used_points, hash.
inline constexpr sql::Statement kSelectEntriesBehind{
    "SelectEntriesBehind",
    sql::kTextOf<"SELECT " + kEntryColumns +
                 ", used_lot_seq, used_points, hash FROM ledger_entry "
                 "WHERE customer_id = $1 AND seq > $2 ORDER BY seq LIMIT $3">};

// Members behind customer $1, and from $2 on, with their entries, those of member $2 behind entry
// $3; $4: how many rows. The same columns, NULL of a member without (further) entries; then the
// member's customer_id, entry_count, head_seq, head_hash. One statement, so that it sees one moment
// of each member on Citus too.
inline constexpr sql::Statement kSelectChains{
    "SelectChains",
    sql::kTextOf<
        "SELECT " + kEntryColumns +
        ", used_lot_seq, used_points, hash, m.customer_id, entry_count, head_seq, "
        "head_hash FROM member m LEFT JOIN ledger_entry e "
        "ON e.customer_id = m.customer_id "
        "AND e.seq > CASE WHEN m.customer_id = $2 THEN CAST($3 AS BIGINT) ELSE 0 END "
        "WHERE m.customer_id > $1 AND m.customer_id >= $2 ORDER BY m.customer_id, e.seq LIMIT $4">};

// Lots used by entries behind entry $2 of customer $1, up to entry $4 of customer $3.
inline constexpr sql::Statement kSelectChainLotUses{
    "SelectChainLotUses",
    "SELECT customer_id, entry_seq, lot_seq, points FROM lot_use "
    "WHERE (customer_id, entry_seq) > ($1, $2) AND (customer_id, entry_seq) <= ($3, $4) "
    "ORDER BY customer_id, entry_seq, ordinal"};

// Of customers behind $1 up to $2 (NULL = to the last) who have entries but are no members, $3: how
// many.
inline constexpr sql::Statement kSelectStrayEntries{
    "SelectStrayEntries",
    "SELECT customer_id, MIN(seq) FROM ledger_entry WHERE customer_id > $1 AND customer_id <= "
    "COALESCE(CAST($2 AS TEXT), (SELECT MAX(customer_id) FROM ledger_entry)) AND NOT EXISTS "
    "(SELECT 1 FROM member WHERE member.customer_id = ledger_entry.customer_id) "
    "GROUP BY customer_id ORDER BY customer_id LIMIT $3"};

inline constexpr sql::Statement kSelectEntryHash{
    "SelectEntryHash", "SELECT hash FROM ledger_entry WHERE customer_id = $1 AND seq = $2"};

}  // namespace clientele::loyalty

#endif  // SERVICES_LOYALTY_STORE_SQL_LEDGER_CHAIN_H_
