#ifndef COMMON_FEED_SQL_H_
#define COMMON_FEED_SQL_H_

// The SQL statements of the feed; those of its consumers are in sql_consumer.h.
//
// Column order of an event, everywhere: customer_id, feed_seq, id, aggregatetype, aggregateid,
// type, occur_time, record_time, data_type, payload, traceparent.

#include "common/sql/database.h"

namespace clientele::feed {

inline constexpr sql::Statement kInsertOutbox{
    "InsertOutbox",
    "INSERT INTO outbox (customer_id, feed_seq, id, aggregatetype, aggregateid, type, occur_time, "
    "record_time, data_type, payload, traceparent) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"};

// The last one of the first $2 rows behind customer $1.
inline constexpr sql::Statement kFindOutboxEnd{
    "FindOutboxEnd",
    "SELECT customer_id, feed_seq FROM (SELECT customer_id, feed_seq FROM outbox "
    "WHERE customer_id > $1 ORDER BY customer_id, feed_seq LIMIT $2) AS first "
    "ORDER BY customer_id DESC, feed_seq DESC LIMIT 1"};

// Behind customer $1, up to and including ($2, $3). Beginning with a customer's first row, never
// inside its rows, keeps each customer's order. A plain range: the outbox is nearly always empty
// when PostgreSQL counts its rows, and anything cleverer is then planned for none. The rows come
// back in any order.
inline constexpr sql::Statement kTakeFromOutbox{
    "TakeFromOutbox",
    "DELETE FROM outbox WHERE customer_id > $1 AND (customer_id, feed_seq) <= ($2, $3) "
    "RETURNING customer_id, feed_seq, id, aggregatetype, aggregateid, type, occur_time, "
    "record_time, data_type, payload, traceparent"};

inline constexpr sql::Statement kProbeOutbox{"ProbeOutbox", "SELECT 1 FROM outbox LIMIT 1"};

inline constexpr sql::Statement kMeasureOutbox{
    "MeasureOutbox", "SELECT CAST(COUNT(*) AS BIGINT), MIN(record_time) FROM outbox"};

inline constexpr sql::Statement kInsertFeed{
    "InsertFeed",
    "INSERT INTO feed (partition, position, customer_id, feed_seq, id, aggregatetype, aggregateid, "
    "type, occur_time, record_time, data_type, payload, traceparent) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)"};

// $1: partition, $2: after, $3: up to and including, $4: how many.
inline constexpr sql::Statement kSelectFeed{
    "SelectFeed",
    "SELECT customer_id, feed_seq, id, aggregatetype, aggregateid, type, occur_time, record_time, "
    "data_type, payload, traceparent, position FROM feed "
    "WHERE partition = $1 AND position > $2 AND position <= $3 ORDER BY position LIMIT $4"};

inline constexpr sql::Statement kSelectHeads{"SelectHeads",
                                             "SELECT partition, head FROM feed_head"};

inline constexpr sql::Statement kSelectFeedBounds{
    "SelectFeedBounds",
    "SELECT feed_head.partition, head, oldest FROM feed_head "
    "JOIN feed_tail ON feed_tail.partition = feed_head.partition"};

// $1: partition, $2: from, $3: before, $4: how many.
inline constexpr sql::Statement kSelectFeedTimes{
    "SelectFeedTimes",
    "SELECT position, record_time FROM feed "
    "WHERE partition = $1 AND position >= $2 AND position < $3 ORDER BY position LIMIT $4"};

inline constexpr sql::Statement kMoveTail{
    "MoveTail", "UPDATE feed_tail SET oldest = $1 WHERE partition = $2 AND oldest = $3"};

inline constexpr sql::Statement kTrimFeed{
    "TrimFeed", "DELETE FROM feed WHERE partition = $1 AND position < $2"};

inline constexpr sql::Statement kCountOtherFeedConsumers{
    "CountOtherFeedConsumers",
    "SELECT CAST(COUNT(DISTINCT name) AS BIGINT) FROM feed_consumer WHERE name <> $1"};

inline constexpr sql::Statement kUpsertFeedConsumer{
    "UpsertFeedConsumer",
    "INSERT INTO feed_consumer (name, partition, position, seen_time) VALUES ($1, $2, $3, $4) "
    "ON CONFLICT (name, partition) DO UPDATE SET position = excluded.position, "
    "seen_time = excluded.seen_time"};

inline constexpr sql::Statement kSelectFeedConsumers{
    "SelectFeedConsumers",
    "SELECT name, partition, position, seen_time FROM feed_consumer ORDER BY name, partition"};

inline constexpr sql::Statement kDeleteSilentFeedConsumers{
    "DeleteSilentFeedConsumers", "DELETE FROM feed_consumer WHERE seen_time < $1"};

// Takes the heads over: from here on only fence $1 may move them.
inline constexpr sql::Statement kClaimHeads{
    "ClaimHeads", "UPDATE feed_head SET fence = $1 WHERE fence < $1 RETURNING partition, head"};

inline constexpr sql::Statement kMoveHead{
    "MoveHead", "UPDATE feed_head SET head = $1 WHERE partition = $2 AND fence = $3"};

// $1: name, $2: holder, $3: expire time, $4: now. No row comes back while another one holds it.
inline constexpr sql::Statement kAcquireLease{
    "AcquireLease",
    "INSERT INTO lease (name, holder, fence, expire_time) VALUES ($1, $2, 1, $3) "
    "ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, fence = lease.fence + 1, "
    "expire_time = excluded.expire_time "
    "WHERE lease.holder = excluded.holder OR lease.expire_time <= $4 RETURNING fence"};

inline constexpr sql::Statement kRenewLease{
    "RenewLease", "UPDATE lease SET expire_time = $1 WHERE name = $2 AND fence = $3"};

}  // namespace clientele::feed

#endif  // COMMON_FEED_SQL_H_
