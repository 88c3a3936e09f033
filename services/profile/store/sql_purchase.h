#ifndef SERVICES_PROFILE_STORE_SQL_PURCHASE_H_
#define SERVICES_PROFILE_STORE_SQL_PURCHASE_H_

// Every SQL statement about purchases and what came back of them.

#include "absl/strings/string_view.h"
#include "common/sql/database.h"
#include "common/sql/text.h"

namespace clientele::profile {

// Column order of a purchase, everywhere: customer_id, purchase_id, source_system, order_number,
// occur_time, record_time, currency_code, channel, store, region, state, gross_minor,
// refunded_minor, unit_count, refunded_unit_count, line_count, refund_count, version, cancel_time.
// What only an export asks for (sql_export.h) is written and not read back: it changes with a
// cancel only, and what is cancelled changes no more.
inline constexpr sql::Text kInsertPurchaseHead =
    "INSERT INTO purchase (customer_id, purchase_id, source_system, order_number, occur_time, "
    "record_time, currency_code, channel, store, region, state, gross_minor, refunded_minor, "
    "unit_count, refunded_unit_count, line_count, refund_count, version, cancel_time, feed_seq, "
    "cancel_feed_seq, cancel_record_time) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, "
    "$19, $20, $21, $22)";

inline constexpr sql::Statement kInsertPurchase{"InsertPurchase",
                                                sql::kTextOf<kInsertPurchaseHead>};

// An UPDATE that takes many rows a statement: the purchase is there, and its customer locked.
inline constexpr sql::Statement kChangePurchase{
    "ChangePurchase",
    sql::kTextOf<kInsertPurchaseHead +
                 " ON CONFLICT (customer_id, purchase_id) DO UPDATE SET state = excluded.state, "
                 "refunded_minor = excluded.refunded_minor, "
                 "refunded_unit_count = excluded.refunded_unit_count, "
                 "refund_count = excluded.refund_count, version = excluded.version, "
                 "cancel_time = excluded.cancel_time, cancel_feed_seq = excluded.cancel_feed_seq, "
                 "cancel_record_time = excluded.cancel_record_time">};

inline constexpr sql::Statement kSelectPurchase{
    "SelectPurchase",
    "SELECT customer_id, purchase_id, source_system, order_number, occur_time, record_time, "
    "currency_code, channel, store, region, state, gross_minor, refunded_minor, unit_count, "
    "refunded_unit_count, line_count, refund_count, version, cancel_time FROM purchase "
    "WHERE customer_id = $1 AND purchase_id = $2"};

// Composed with a compiled filter whose parameters begin at $5. $1: whose, $2 and $3: before this
// occur_time and purchase_id, $4: how many.
inline constexpr absl::string_view kListPurchasesName = "ListPurchases";
inline constexpr absl::string_view kListPurchasesHead =
    "SELECT customer_id, purchase_id, source_system, order_number, occur_time, record_time, "
    "currency_code, channel, store, region, state, gross_minor, refunded_minor, unit_count, "
    "refunded_unit_count, line_count, refund_count, version, cancel_time FROM purchase "
    "WHERE customer_id = $1 AND (occur_time, purchase_id) < ($2, $3) AND ";
inline constexpr absl::string_view kListPurchasesTail =
    " ORDER BY occur_time DESC, purchase_id DESC LIMIT $4";

inline constexpr sql::Statement kInsertPurchaseByOrder{
    "InsertPurchaseByOrder",
    "INSERT INTO purchase_by_order (source_system, order_number, customer_id, content_hash) "
    "VALUES ($1, $2, $3, $4) ON CONFLICT (source_system, order_number) DO NOTHING"};

// One step of a walk over the distinct systems, each a seek in the primary key. $1: the one before.
inline constexpr sql::Statement kSelectNextSourceSystem{
    "SelectNextSourceSystem",
    "SELECT MIN(source_system) FROM purchase_by_order WHERE source_system > $1"};

inline constexpr sql::Statement kSelectOrderHash{
    "SelectOrderHash",
    "SELECT content_hash FROM purchase_by_order WHERE source_system = $1 AND order_number = $2"};

// Column order of a line, everywhere: line_number, sku, category, quantity, unit_price_micros,
// gross_minor, refunded_quantity.
inline constexpr sql::Text kInsertPurchaseLineHead =
    "INSERT INTO purchase_line (customer_id, purchase_id, line_number, sku, category, quantity, "
    "unit_price_micros, gross_minor, refunded_quantity) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";

inline constexpr sql::Statement kInsertPurchaseLine{"InsertPurchaseLine",
                                                    sql::kTextOf<kInsertPurchaseLineHead>};

// As ChangePurchase.
inline constexpr sql::Statement kChangePurchaseLine{
    "ChangePurchaseLine",
    sql::kTextOf<kInsertPurchaseLineHead + " ON CONFLICT (customer_id, purchase_id, line_number) "
                                           "DO UPDATE SET refunded_quantity = "
                                           "excluded.refunded_quantity">};

inline constexpr sql::Statement kSelectPurchaseLines{
    "SelectPurchaseLines",
    "SELECT line_number, sku, category, quantity, unit_price_micros, gross_minor, "
    "refunded_quantity FROM purchase_line WHERE customer_id = $1 AND purchase_id = $2 "
    "ORDER BY line_number"};

inline constexpr sql::Statement kSelectPurchaseLine{
    "SelectPurchaseLine",
    "SELECT line_number, sku, category, quantity, unit_price_micros, gross_minor, "
    "refunded_quantity FROM purchase_line WHERE customer_id = $1 AND purchase_id = $2 "
    "AND line_number = $3"};

inline constexpr sql::Statement kInsertRefund{
    "InsertRefund",
    "INSERT INTO purchase_refund (customer_id, purchase_id, refund_number, ordinal, occur_time, "
    "record_time, amount_minor, reason, content_hash, feed_seq, reason_sealed) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"};

inline constexpr sql::Statement kInsertRefundLine{
    "InsertRefundLine",
    "INSERT INTO purchase_refund_line (customer_id, purchase_id, refund_number, line_number, "
    "quantity, amount_minor) VALUES ($1, $2, $3, $4, $5, $6)"};

inline constexpr sql::Statement kSelectRefundHash{
    "SelectRefundHash",
    "SELECT content_hash FROM purchase_refund "
    "WHERE customer_id = $1 AND purchase_id = $2 AND refund_number = $3"};

inline constexpr sql::Statement kSelectRefunds{
    "SelectRefunds",
    "SELECT refund_number, ordinal, occur_time, record_time, amount_minor, reason, content_hash, "
    "reason_sealed "
    "FROM purchase_refund WHERE customer_id = $1 AND purchase_id = $2 "
    "ORDER BY occur_time, ordinal"};

inline constexpr sql::Statement kSelectRefundLines{
    "SelectRefundLines",
    "SELECT refund_number, line_number, quantity, amount_minor FROM purchase_refund_line "
    "WHERE customer_id = $1 AND purchase_id = $2 ORDER BY refund_number, line_number"};

}  // namespace clientele::profile

#endif  // SERVICES_PROFILE_STORE_SQL_PURCHASE_H_
