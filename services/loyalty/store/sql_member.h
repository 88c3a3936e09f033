#ifndef SERVICES_LOYALTY_STORE_SQL_MEMBER_H_
#define SERVICES_LOYALTY_STORE_SQL_MEMBER_H_

// Every SQL statement about the program, members, purchases and refunds.
//
// Statements that take many keys take kKeysPerStatement of them; what is left over repeats the last
// key, which changes no result.

#include <cstddef>

#include "common/sql/database.h"

namespace clientele::loyalty {

inline constexpr size_t kKeysPerStatement = 16;

inline constexpr sql::Statement kSelectProgram{
    "SelectProgram",
    "SELECT version, currency_code, time_zone FROM program WHERE program_id = $1 "
    "ORDER BY version DESC LIMIT 1"};

// $3: published at this instant at the latest.
inline constexpr sql::Statement kSelectPublished{
    "SelectPublished",
    "SELECT 1 FROM program WHERE program_id = $1 AND version = $2 AND publish_time <= $3"};

inline constexpr sql::Statement kPublishProgram{
    "PublishProgram",
    "INSERT INTO program (program_id, version, currency_code, time_zone, publish_time) "
    "VALUES ($1, $2, $3, $4, $5) ON CONFLICT (program_id, version) DO UPDATE "
    "SET publish_time = excluded.publish_time WHERE excluded.publish_time < program.publish_time"};

inline constexpr sql::Statement kSelectMembers{
    "SelectMembers",
    "SELECT customer_id, available, debt, lifetime_earned, entry_count, feed_seq, version, "
    "enroll_time, last_record_time, tier_rank, tier_due_time FROM member WHERE customer_id IN "
    "($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)"};

inline constexpr sql::Statement kInsertMember{
    "InsertMember",
    "INSERT INTO member (customer_id, available, debt, lifetime_earned, entry_count, feed_seq, "
    "version, enroll_time, last_record_time, tier_rank, tier_due_time, due_time) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"};

inline constexpr sql::Statement kUpdateMember{
    "UpdateMember",
    "UPDATE member SET available = $2, debt = $3, lifetime_earned = $4, entry_count = $5, "
    "feed_seq = $6, version = $7, enroll_time = $8, last_record_time = $9, tier_rank = $10, "
    "tier_due_time = $11, due_time = $12 WHERE customer_id = $1"};

// $1: due at or before this instant, $2: how many.
inline constexpr sql::Statement kSelectDueMembers{
    "SelectDueMembers",
    "SELECT customer_id FROM member WHERE due_time <= $1 ORDER BY due_time, customer_id LIMIT $2"};

inline constexpr sql::Statement kSelectEarnings{
    "SelectEarnings",
    "SELECT customer_id, purchase_id, occur_time, currency_code, gross_minor, refunded_minor, "
    "outcome, points, reversed_points, lot_seq, program_version FROM earning WHERE customer_id IN "
    "($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)"};

inline constexpr sql::Statement kSelectEarning{
    "SelectEarning",
    "SELECT customer_id, purchase_id, occur_time, currency_code, gross_minor, refunded_minor, "
    "outcome, points, reversed_points, lot_seq, program_version FROM earning "
    "WHERE customer_id = $1 AND purchase_id = $2"};

inline constexpr sql::Statement kInsertEarning{
    "InsertEarning",
    "INSERT INTO earning (customer_id, purchase_id, occur_time, currency_code, gross_minor, "
    "refunded_minor, outcome, points, reversed_points, lot_seq, program_version) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"};

inline constexpr sql::Statement kUpdateEarning{
    "UpdateEarning",
    "UPDATE earning SET refunded_minor = $3, reversed_points = $4 "
    "WHERE customer_id = $1 AND purchase_id = $2"};

inline constexpr sql::Statement kSelectEarningRefunds{
    "SelectEarningRefunds",
    "SELECT customer_id, purchase_id, refund_number, occur_time, amount_minor FROM earning_refund "
    "WHERE customer_id IN ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, "
    "$16)"};

inline constexpr sql::Statement kInsertEarningRefund{
    "InsertEarningRefund",
    "INSERT INTO earning_refund (customer_id, purchase_id, refund_number, occur_time, "
    "amount_minor) VALUES ($1, $2, $3, $4, $5)"};

}  // namespace clientele::loyalty

#endif  // SERVICES_LOYALTY_STORE_SQL_MEMBER_H_
