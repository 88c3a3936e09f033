#ifndef SERVICES_LOYALTY_STORE_SQL_MEMBER_H_
#define SERVICES_LOYALTY_STORE_SQL_MEMBER_H_

// Every SQL statement about the program, members, purchases and refunds.

#include "common/sql/database.h"
#include "common/sql/text.h"
#include "services/loyalty/store/statement_sizes.h"

namespace clientele::loyalty {

// The statement `head` + "key, key, …)" in both sizes.
template <sql::Text kHead>
constexpr KeyedStatement ByKeys(absl::string_view name) {
  return InBothSizes(name, sql::kTextOf<kHead + sql::Parameters<kFewKeys>() + ")">,
                     sql::kTextOf<kHead + sql::Parameters<kManyKeys>() + ")">);
}

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

inline constexpr KeyedStatement kSelectMembers = ByKeys<
    "SELECT customer_id, available, debt, lifetime_earned, entry_count, head_seq, head_hash, "
    "feed_seq, "
    "version, "
    "enroll_time, last_record_time, tier_rank, tier_due_time, due_time FROM member "
    "WHERE customer_id IN (">("SelectMembers");

// A member as one row, in the order in which MemberParams gives its values.
inline constexpr sql::Text kInsertMemberHead =
    "INSERT INTO member (customer_id, available, debt, lifetime_earned, entry_count, head_seq, "
    "head_hash, "
    "feed_seq, version, enroll_time, last_record_time, tier_rank, tier_due_time, due_time) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)";

inline constexpr sql::Statement kInsertMember{"InsertMember", sql::kTextOf<kInsertMemberHead>};

// An UPDATE that takes many rows a statement: the member is there, and locked.
inline constexpr sql::Statement kChangeMember{
    "ChangeMember",
    sql::kTextOf<kInsertMemberHead +
                 " ON CONFLICT (customer_id) DO UPDATE SET available = excluded.available, "
                 "debt = excluded.debt, lifetime_earned = excluded.lifetime_earned, "
                 "entry_count = excluded.entry_count, head_seq = excluded.head_seq, head_hash = "
                 "excluded.head_hash, "
                 "feed_seq = excluded.feed_seq, "
                 "version = excluded.version, enroll_time = excluded.enroll_time, "
                 "last_record_time = excluded.last_record_time, tier_rank = excluded.tier_rank, "
                 "tier_due_time = excluded.tier_due_time, due_time = excluded.due_time">};

// $1: due at or before this instant, $2: how many.
inline constexpr sql::Statement kSelectDueMembers{
    "SelectDueMembers",
    "SELECT customer_id FROM member WHERE due_time <= $1 ORDER BY due_time, customer_id LIMIT $2"};

// $1: behind this customer, $2: how many.
inline constexpr sql::Statement kSelectToldTiers{
    "SelectToldTiers",
    "SELECT customer_id, feed_seq, tier_rank, COALESCE(last_record_time, enroll_time) FROM member "
    "WHERE customer_id > $1 AND tier_rank IS NOT NULL ORDER BY customer_id LIMIT $2"};

inline constexpr KeyedStatement kSelectEarnings = ByKeys<
    "SELECT customer_id, purchase_id, occur_time, currency_code, gross_minor, "
    "refunded_minor, outcome, points, reversed_points, lot_seq, program_version "
    "FROM earning WHERE customer_id IN (">("SelectEarnings");

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

inline constexpr KeyedStatement kSelectEarningRefunds = ByKeys<
    "SELECT customer_id, purchase_id, refund_number, occur_time, amount_minor "
    "FROM earning_refund WHERE customer_id IN (">("SelectEarningRefunds");

inline constexpr sql::Statement kInsertEarningRefund{
    "InsertEarningRefund",
    "INSERT INTO earning_refund (customer_id, purchase_id, refund_number, occur_time, "
    "amount_minor) VALUES ($1, $2, $3, $4, $5)"};

}  // namespace clientele::loyalty

#endif  // SERVICES_LOYALTY_STORE_SQL_MEMBER_H_
