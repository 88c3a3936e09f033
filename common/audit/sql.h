#ifndef COMMON_AUDIT_SQL_H_
#define COMMON_AUDIT_SQL_H_

// The SQL statements of the audit log.

#include "common/sql/database.h"

namespace clientele::audit {

inline constexpr sql::Statement kInsertAuditOutbox{
    "InsertAuditOutbox", "INSERT INTO audit_outbox (id, record_time, content) VALUES ($1, $2, $3)"};

inline constexpr sql::Statement kProbeAuditOutbox{"ProbeAuditOutbox",
                                                  "SELECT 1 FROM audit_outbox LIMIT 1"};

// The last one of the first $1 rows.
inline constexpr sql::Statement kFindAuditOutboxEnd{
    "FindAuditOutboxEnd",
    "SELECT id FROM (SELECT id FROM audit_outbox ORDER BY id LIMIT $1) AS first "
    "ORDER BY id DESC LIMIT 1"};

// Up to and including $1, in any order: a plain range, as kTakeFromOutbox of the feed.
inline constexpr sql::Statement kTakeFromAuditOutbox{
    "TakeFromAuditOutbox",
    "DELETE FROM audit_outbox WHERE id <= $1 RETURNING id, record_time, content"};

// Takes the heads over: from here on only fence $1 may move them.
inline constexpr sql::Statement kClaimAuditHeads{
    "ClaimAuditHeads",
    "UPDATE audit_head SET fence = $1 WHERE fence < $1 RETURNING partition, position, hash"};

inline constexpr sql::Statement kMoveAuditHead{
    "MoveAuditHead",
    "UPDATE audit_head SET position = $1, hash = $2 WHERE partition = $3 AND fence = $4"};

inline constexpr sql::Statement kSelectAuditHead{
    "SelectAuditHead", "SELECT position, hash FROM audit_head WHERE partition = $1"};

inline constexpr sql::Statement kInsertAuditEntry{
    "InsertAuditEntry",
    "INSERT INTO audit_entry (partition, position, id, record_time, content, hash) "
    "VALUES ($1, $2, $3, $4, $5, $6)"};

// $1: partition, $2: from, $3: how many.
inline constexpr sql::Statement kSelectAuditEntries{
    "SelectAuditEntries",
    "SELECT position, id, record_time, content, hash FROM audit_entry "
    "WHERE partition = $1 AND position >= $2 ORDER BY position LIMIT $3"};

inline constexpr sql::Statement kSelectAuditWriter{
    "SelectAuditWriter", "SELECT is_open FROM audit_writer WHERE name = $1"};

inline constexpr sql::Statement kUpsertAuditWriter{
    "UpsertAuditWriter",
    "INSERT INTO audit_writer (name, is_open, seen_time) VALUES ($1, 1, $2) "
    "ON CONFLICT (name) DO UPDATE SET is_open = 1, seen_time = excluded.seen_time"};

inline constexpr sql::Statement kDeleteAuditWriter{"DeleteAuditWriter",
                                                   "DELETE FROM audit_writer WHERE name = $1"};

// Also what servers of releases before leave when they have written their last record: is_open = 0.
inline constexpr sql::Statement kDeleteSilentAuditWriters{
    "DeleteSilentAuditWriters",
    "DELETE FROM audit_writer WHERE is_open = 0 OR (seen_time > 0 AND seen_time < $1) "
    "RETURNING name, is_open"};

}  // namespace clientele::audit

#endif  // COMMON_AUDIT_SQL_H_
