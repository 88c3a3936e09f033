#ifndef SERVICES_SEGMENTATION_STORE_SQL_REPORTS_H_
#define SERVICES_SEGMENTATION_STORE_SQL_REPORTS_H_

// Every SQL statement of reports over all customers.

#include "common/sql/database.h"

namespace clientele::segmentation {

// The scores of the runs $1 (side 0) and $2 (side 1) with those of one customer in a row. Both
// parts come ordered out of the primary key, so a database merges them without sorting or keeping
// them.
inline constexpr sql::Statement kSelectRfmScorePairs{
    "SelectRfmScorePairs",
    "SELECT customer_id, 0 AS side, segment_no, frequency, revenue_minor FROM rfm_score "
    "WHERE run_no = $1 UNION ALL "
    "SELECT customer_id, 1 AS side, segment_no, frequency, revenue_minor FROM rfm_score "
    "WHERE run_no = $2 ORDER BY customer_id"};

// What each customer adds to its cell of run $1. Summed by the reader: GROUP BY would have SQLite
// sort every row first, and a sum may be more than a BIGINT holds.
inline constexpr sql::Statement kSelectRfmScoreCells{
    "SelectRfmScoreCells",
    "SELECT recency_score, frequency_score, frequency, revenue_minor FROM rfm_score "
    "WHERE run_no = $1 AND recency_score > 0"};

// Orders from $1 to before $2 in the currency $3, of the source $4 ('' = all), as of $5, customer
// by customer; $6: 1 = with the channel, 2 = with the region, else with neither.
inline constexpr sql::Statement kSelectSoldOrders{
    "SelectSoldOrders",
    "SELECT o.customer_id, o.occur_time, o.gross_minor, "
    "CASE WHEN o.refunded_minor = 0 THEN 0 ELSE (SELECT CAST(COALESCE(SUM(r.amount_minor), 0) "
    "AS BIGINT) FROM order_refund r WHERE r.customer_id = o.customer_id "
    "AND r.purchase_id = o.purchase_id AND r.occur_time < $5) END, "
    "CASE WHEN o.cancel_time IS NOT NULL AND o.cancel_time < $5 THEN 1 ELSE 0 END, "
    "CASE WHEN $6 = 1 THEN COALESCE(o.channel, '') WHEN $6 = 2 THEN COALESCE(o.region, '') "
    "ELSE '' END "
    "FROM order_log o WHERE o.occur_time >= $1 AND o.occur_time < $2 AND o.occur_time < $5 "
    "AND o.currency_code = $3 AND ($4 = '' OR o.source_system = $4) ORDER BY o.customer_id"};

}  // namespace clientele::segmentation

#endif  // SERVICES_SEGMENTATION_STORE_SQL_REPORTS_H_
