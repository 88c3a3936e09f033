#ifndef COMMON_FEED_SQL_CONSUMER_H_
#define COMMON_FEED_SQL_CONSUMER_H_

// Every SQL statement of a consumer about where it stands.

#include "common/sql/database.h"

namespace clientele::feed {

inline constexpr sql::Statement kInsertConsumerPosition{
    "InsertConsumerPosition",
    "INSERT INTO consumer_position (source, partition, position, fence) VALUES ($1, $2, 0, 0) "
    "ON CONFLICT (source, partition) DO NOTHING"};

inline constexpr sql::Statement kClaimConsumerPositions{
    "ClaimConsumerPositions",
    "UPDATE consumer_position SET fence = $1 WHERE source = $2 AND partition BETWEEN $3 AND $4 "
    "AND fence < $1 RETURNING partition, position, export_page_token"};

inline constexpr sql::Statement kSelectConsumerPositions{
    "SelectConsumerPositions",
    "SELECT partition, position FROM consumer_position WHERE source = $1"};

inline constexpr sql::Statement kCountExportedPartitions{
    "CountExportedPartitions",
    "SELECT CAST(COUNT(*) AS BIGINT) FROM consumer_position WHERE source = $1 "
    "AND export_page_token <> ''"};

inline constexpr sql::Statement kMoveConsumerPosition{
    "MoveConsumerPosition",
    "UPDATE consumer_position SET position = $1 "
    "WHERE source = $2 AND partition = $3 AND position = $4 AND fence = $5"};

// $6 and $7: the page token after and before.
inline constexpr sql::Statement kMoveExportPlace{
    "MoveExportPlace",
    "UPDATE consumer_position SET position = $1, export_page_token = $6 WHERE source = $2 "
    "AND partition = $3 AND position = $4 AND fence = $5 AND export_page_token = $7"};

inline constexpr sql::Statement kUpsertConsumerMember{
    "UpsertConsumerMember",
    "INSERT INTO consumer_member (source, holder, expire_time) VALUES ($1, $2, $3) "
    "ON CONFLICT (source, holder) DO UPDATE SET expire_time = excluded.expire_time"};

// $2: now.
inline constexpr sql::Statement kSelectConsumerMembers{
    "SelectConsumerMembers",
    "SELECT holder FROM consumer_member WHERE source = $1 AND expire_time > $2 ORDER BY holder"};

inline constexpr sql::Statement kDeleteConsumerMember{
    "DeleteConsumerMember", "DELETE FROM consumer_member WHERE source = $1 AND holder = $2"};

// $2: expired before this instant.
inline constexpr sql::Statement kDeleteOldConsumerMembers{
    "DeleteOldConsumerMembers",
    "DELETE FROM consumer_member WHERE source = $1 AND expire_time < $2"};

}  // namespace clientele::feed

#endif  // COMMON_FEED_SQL_CONSUMER_H_
