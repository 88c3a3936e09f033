#ifndef SERVICES_SEGMENTATION_STORE_SQL_ORDER_LOG_H_
#define SERVICES_SEGMENTATION_STORE_SQL_ORDER_LOG_H_

// Every SQL statement on what segmentation has learned from profile's feed.

#include "common/sql/database.h"

namespace clientele::segmentation {

inline constexpr sql::Statement kInsertCustomerState{
    "InsertCustomerState",
    "INSERT INTO customer_state (customer_id, position, known_time) VALUES ($1, $2, $3) "
    "ON CONFLICT (customer_id) DO NOTHING"};

inline constexpr sql::Statement kSelectStateFeedSeq{
    "SelectStateFeedSeq", "SELECT state_feed_seq FROM customer_state WHERE customer_id = $1"};

inline constexpr sql::Statement kUpdateStateFeedSeq{
    "UpdateStateFeedSeq", "UPDATE customer_state SET state_feed_seq = $2 WHERE customer_id = $1"};

// $2: where, $3: when. Nothing when the customer was deleted there already.
inline constexpr sql::Statement kInsertCustomerDeletion{
    "InsertCustomerDeletion",
    "INSERT INTO customer_deletion (customer_id, delete_position, delete_time) "
    "SELECT CAST($1 AS TEXT), CAST($2 AS BIGINT), CAST($3 AS BIGINT) WHERE NOT EXISTS "
    "(SELECT 1 FROM customer_deletion WHERE customer_id = $1 AND delete_position <= $2 "
    "AND (undelete_position IS NULL OR undelete_position > $2)) "
    "ON CONFLICT (customer_id, delete_position) DO UPDATE SET "
    "delete_time = excluded.delete_time, undelete_position = NULL, undelete_time = NULL"};

// $2: where, $3: when. Nothing when the customer was not deleted there. All that an export tells of
// a partition has one position: what is undone there at once was never so for anybody.
inline constexpr sql::Statement kEndCustomerDeletion{
    "EndCustomerDeletion",
    "UPDATE customer_deletion SET undelete_position = $2, undelete_time = $3 "
    "WHERE customer_id = $1 AND undelete_position IS NULL AND delete_position <= $2"};

inline constexpr sql::Statement kInsertOrder{
    "InsertOrder",
    "INSERT INTO order_log (customer_id, purchase_id, occur_time, gross_minor, position, "
    "currency_code, source_system, channel, store, region) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) "
    "ON CONFLICT (customer_id, purchase_id) DO NOTHING"};

inline constexpr sql::Statement kInsertOrderCurrency{
    "InsertOrderCurrency",
    "INSERT INTO order_currency (source_system, currency_code) VALUES ($1, $2) "
    "ON CONFLICT (source_system, currency_code) DO NOTHING"};

// $3: everything refunded so far; it only grows.
inline constexpr sql::Statement kUpdateOrderRefunded{
    "UpdateOrderRefunded",
    "UPDATE order_log SET refunded_minor = CASE WHEN refunded_minor > $3 THEN refunded_minor "
    "ELSE $3 END WHERE customer_id = $1 AND purchase_id = $2"};

inline constexpr sql::Statement kInsertOrderRefund{
    "InsertOrderRefund",
    "INSERT INTO order_refund (customer_id, purchase_id, refund_number, occur_time, amount_minor, "
    "position) VALUES ($1, $2, $3, $4, $5, $6) "
    "ON CONFLICT (customer_id, purchase_id, refund_number) DO NOTHING"};

inline constexpr sql::Statement kCancelOrder{
    "CancelOrder",
    "UPDATE order_log SET cancel_time = COALESCE(cancel_time, $3), "
    "cancel_position = COALESCE(cancel_position, $4) "
    "WHERE customer_id = $1 AND purchase_id = $2"};

// $1: one source only; '' = all.
inline constexpr sql::Statement kSelectOrderCurrencies{
    "SelectOrderCurrencies",
    "SELECT DISTINCT currency_code FROM order_currency "
    "WHERE $1 = '' OR source_system = $1 ORDER BY currency_code"};

// $1: after this customer, $2: how many.
inline constexpr sql::Statement kSelectCustomerPage{
    "SelectCustomerPage",
    "SELECT customer_id, position, known_time FROM customer_state "
    "WHERE customer_id > $1 ORDER BY customer_id LIMIT $2"};

// Customers after $1 up to and including $2.
inline constexpr sql::Statement kSelectCustomerDeletions{
    "SelectCustomerDeletions",
    "SELECT customer_id, delete_position, delete_time, undelete_position, undelete_time "
    "FROM customer_deletion WHERE customer_id > $1 AND customer_id <= $2 "
    "ORDER BY customer_id, delete_position"};

// After the key ($1, $2), customers up to and including $3, $4 rows.
inline constexpr sql::Statement kSelectOrderPage{
    "SelectOrderPage",
    "SELECT customer_id, purchase_id, occur_time, gross_minor, position, currency_code, "
    "source_system FROM order_log WHERE (customer_id, purchase_id) > ($1, $2) "
    "AND customer_id <= $3 ORDER BY customer_id, purchase_id LIMIT $4"};

// The same with what happened to each order afterwards.
inline constexpr sql::Statement kSelectChangedOrderPage{
    "SelectChangedOrderPage",
    "SELECT customer_id, purchase_id, occur_time, gross_minor, position, currency_code, "
    "source_system, refunded_minor, cancel_time, cancel_position FROM order_log "
    "WHERE (customer_id, purchase_id) > ($1, $2) "
    "AND customer_id <= $3 ORDER BY customer_id, purchase_id LIMIT $4"};

// Refunds before $5 of the orders in the key range after ($1, $2) up to and including ($3, $4).
inline constexpr sql::Statement kSelectRefundPage{
    "SelectRefundPage",
    "SELECT customer_id, purchase_id, amount_minor, position FROM order_refund "
    "WHERE (customer_id, purchase_id) > ($1, $2) AND (customer_id, purchase_id) <= ($3, $4) "
    "AND occur_time < $5 ORDER BY customer_id, purchase_id, refund_number"};

// $1: as of, $2: one source only ('' = all), $3: how many orders are "repeatedly". A customer is
// known from its creation or its first order, whichever came first.
inline constexpr sql::Statement kCountBuyers{
    "CountBuyers",
    "SELECT CAST(COUNT(*) AS BIGINT), "
    "CAST(COALESCE(SUM(CASE WHEN counted_orders >= 1 THEN 1 ELSE 0 END), 0) AS BIGINT), "
    "CAST(COALESCE(SUM(CASE WHEN counted_orders >= $3 THEN 1 ELSE 0 END), 0) AS BIGINT) "
    "FROM (SELECT c.known_time AS known_time, COALESCE(o.orders, 0) AS orders, "
    "COALESCE(o.counted_orders, 0) AS counted_orders FROM customer_state c LEFT JOIN "
    "(SELECT customer_id, COUNT(*) AS orders, "
    "CAST(SUM(CASE WHEN (cancel_time IS NULL OR cancel_time >= $1) "
    "AND ($2 = '' OR source_system = $2) THEN 1 ELSE 0 END) AS BIGINT) AS counted_orders "
    "FROM order_log WHERE occur_time < $1 GROUP BY customer_id) o "
    "ON o.customer_id = c.customer_id "
    "WHERE NOT EXISTS (SELECT 1 FROM customer_deletion d WHERE d.customer_id = c.customer_id "
    "AND d.delete_time < $1 AND (d.undelete_time IS NULL OR d.undelete_time >= $1))) known "
    "WHERE known_time < $1 OR orders > 0"};

}  // namespace clientele::segmentation

#endif  // SERVICES_SEGMENTATION_STORE_SQL_ORDER_LOG_H_
