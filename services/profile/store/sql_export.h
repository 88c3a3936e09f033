#ifndef SERVICES_PROFILE_STORE_SQL_EXPORT_H_
#define SERVICES_PROFILE_STORE_SQL_EXPORT_H_

// The SQL statements that tell again what has happened.

#include "common/sql/database.h"

namespace clientele::profile {

// What a row of kSelectPastEvents is; in the order of events with the same record time.
enum class PastEventKind { kCreated = 1, kRecorded = 2, kRefunded = 3, kCancelled = 4, kState = 5 };

// How many customers a page may span.
inline constexpr int kExportCustomersMax = 100;

// The last of the first kExportCustomersMax ($2) customers from $1 on, and how many these are.
inline constexpr sql::Statement kFindExportEnd{
    "FindExportEnd",
    "SELECT MAX(customer_id), CAST(COUNT(*) AS BIGINT) FROM (SELECT customer_id FROM customer "
    "WHERE customer_id >= $1 ORDER BY customer_id LIMIT $2) AS page"};

// One statement, so that it sees each customer as of one moment. $1 to $6: behind this customer_id,
// feed_seq, record_time, kind, purchase_id and refund_number; $7: up to this customer; $8: how
// many. Columns: these six, then occur_time, source_system, currency_code, amount_minor,
// refunded_minor (after a refund), line_count, channel, store, region, state (after it), kind of
// customer, commercial_status, version. A customer's creation comes with feed_seq 0, its present
// state with its last feed_seq and only when it has changed since it was created. A refund
// or a cancel without a feed_seq of its own is told with its purchase's, and never before it.
inline constexpr sql::Statement kSelectPastEvents{
    "SelectPastEvents",
    "SELECT customer_id, feed_seq, record_time, event_kind, purchase_id, refund_number, "
    "occur_time, source_system, currency_code, amount_minor, refunded_minor, line_count, channel, "
    "store, region, state, kind, commercial_status, version FROM ("
    "SELECT customer_id, CAST(0 AS BIGINT) AS feed_seq, create_time AS record_time, "
    "CAST(1 AS BIGINT) AS event_kind, '' AS purchase_id, '' AS refund_number, "
    "COALESCE(create_occur_time, create_time) AS occur_time, source_system, '' AS currency_code, "
    "CAST(0 AS BIGINT) AS amount_minor, CAST(0 AS BIGINT) AS refunded_minor, "
    "CAST(0 AS BIGINT) AS line_count, '' AS channel, '' AS store, '' AS region, state, kind, "
    "commercial_status, CAST(1 AS BIGINT) AS version "
    "FROM customer WHERE customer_id >= $1 AND customer_id <= $7 "
    "UNION ALL SELECT customer_id, feed_seq, record_time, CAST(2 AS BIGINT), purchase_id, '', "
    "occur_time, source_system, currency_code, gross_minor, CAST(0 AS BIGINT), line_count, "
    "channel, store, region, state, CAST(0 AS BIGINT), CAST(0 AS BIGINT), version "
    "FROM purchase WHERE customer_id >= $1 AND customer_id <= $7 "
    "UNION ALL SELECT r.customer_id, CASE WHEN r.feed_seq = 0 THEN p.feed_seq ELSE r.feed_seq END, "
    "CASE WHEN r.feed_seq = 0 AND r.record_time < p.record_time THEN p.record_time "
    "ELSE r.record_time END, "
    "CAST(3 AS BIGINT), r.purchase_id, "
    "r.refund_number, r.occur_time, p.source_system, p.currency_code, r.amount_minor, "
    "(SELECT CAST(SUM(e.amount_minor) AS BIGINT) FROM purchase_refund e "
    "WHERE e.customer_id = r.customer_id AND e.purchase_id = r.purchase_id "
    "AND e.ordinal <= r.ordinal), p.line_count, p.channel, p.store, p.region, "
    "CASE WHEN r.ordinal = p.refund_count THEN p.state ELSE 2 END, CAST(0 AS BIGINT), "
    "CAST(0 AS BIGINT), p.version "
    "FROM purchase_refund r JOIN purchase p ON p.customer_id = r.customer_id "
    "AND p.purchase_id = r.purchase_id WHERE r.customer_id >= $1 AND r.customer_id <= $7 "
    "UNION ALL SELECT customer_id, "
    "CASE WHEN cancel_feed_seq = 0 THEN feed_seq ELSE cancel_feed_seq END, "
    "COALESCE(cancel_record_time, "
    "CASE WHEN cancel_time < record_time THEN record_time ELSE cancel_time END), "
    "CAST(4 AS BIGINT), purchase_id, '', cancel_time, source_system, currency_code, gross_minor, "
    "CAST(0 AS BIGINT), line_count, channel, store, region, state, CAST(0 AS BIGINT), "
    "CAST(0 AS BIGINT), version FROM purchase "
    "WHERE cancel_time IS NOT NULL AND customer_id >= $1 AND customer_id <= $7 "
    "UNION ALL SELECT customer_id, feed_seq, update_time, CAST(5 AS BIGINT), '', '', "
    "COALESCE(state_occur_time, update_time), source_system, '', CAST(0 AS BIGINT), "
    "CAST(0 AS BIGINT), CAST(0 AS BIGINT), '', '', '', state, kind, commercial_status, version "
    "FROM customer WHERE version > 1 AND customer_id >= $1 AND customer_id <= $7) AS past "
    "WHERE (customer_id, feed_seq, record_time, event_kind, purchase_id, refund_number) "
    "> ($1, $2, $3, $4, $5, $6) "
    "ORDER BY customer_id, feed_seq, record_time, event_kind, purchase_id, refund_number LIMIT $8"};

}  // namespace clientele::profile

#endif  // SERVICES_PROFILE_STORE_SQL_EXPORT_H_
