#ifndef SERVICES_COMPLAINTS_STORE_SQL_COMPLAINT_H_
#define SERVICES_COMPLAINTS_STORE_SQL_COMPLAINT_H_

// Every SQL statement about complaints, their timelines and remedies.

#include "absl/strings/string_view.h"
#include "common/sql/database.h"
#include "common/sql/text.h"

namespace clientele::complaints {

inline constexpr sql::Statement kSelectCustomer{
    "SelectCustomer",
    "SELECT customer_id, feed_seq, tier, tier_revision, tier_feed_seq FROM complaint_customer "
    "WHERE customer_id = $1"};

inline constexpr sql::Statement kInsertCustomer{
    "InsertCustomer",
    "INSERT INTO complaint_customer (customer_id, feed_seq, tier, tier_revision, tier_feed_seq) "
    "VALUES ($1, $2, $3, $4, $5) ON CONFLICT (customer_id) DO NOTHING"};

inline constexpr sql::Statement kUpdateCustomer{
    "UpdateCustomer",
    "UPDATE complaint_customer SET feed_seq = $2, tier = $3, tier_revision = $4, "
    "tier_feed_seq = $5 "
    "WHERE customer_id = $1"};

// The columns of a complaint, everywhere in this order.
inline constexpr sql::Text kComplaintColumns =
    "customer_id, complaint_id, number, channel, type, severity, safety, language_code, subject, "
    "description, desired_remedy, resolution, purchase_ids, concerned_staff_ids, assignee_id, "
    "state, finding, relief, occur_time, record_time, update_time, acknowledge_time, "
    "resolve_time, close_time, reopen_count, tier, priority_rank, verification, version, "
    "entry_count, subject_sealed, description_sealed, desired_remedy_sealed, resolution_sealed";
inline constexpr auto kComplaintHead = "SELECT " + kComplaintColumns + " FROM complaint WHERE ";
inline constexpr absl::string_view kSelectComplaintHead = sql::kTextOf<kComplaintHead>;

inline constexpr sql::Statement kInsertComplaint{
    "InsertComplaint",
    sql::kTextOf<
        "INSERT INTO complaint (" + kComplaintColumns +
        ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, "
        "$18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, $33, $34) "
        "ON CONFLICT (customer_id, complaint_id) DO NOTHING">};

inline constexpr sql::Statement kUpdateComplaint{
    "UpdateComplaint",
    "UPDATE complaint SET assignee_id = $3, state = $4, finding = $5, relief = $6, "
    "update_time = $7, acknowledge_time = $8, resolve_time = $9, close_time = $10, "
    "reopen_count = $11, tier = $12, priority_rank = $13, verification = $14, version = $15, "
    "entry_count = $16 WHERE customer_id = $1 AND complaint_id = $2"};

inline constexpr sql::Statement kUpdateResolution{
    "UpdateComplaintResolution",
    "UPDATE complaint SET resolution = '', resolution_sealed = $3 "
    "WHERE customer_id = $1 AND complaint_id = $2"};

inline constexpr sql::Statement kSelectComplaint{
    "SelectComplaint", sql::kTextOf<kComplaintHead + "customer_id = $1 AND complaint_id = $2">};

// $1: whose. $2 = 1: those of whom it is not known whether the customer exists. $3 > 0: the open
// ones with another tier than this. $4: how many.
inline constexpr sql::Statement kSelectLearners{
    "SelectLearners",
    sql::kTextOf<kComplaintHead +
                 "customer_id = $1 AND (($2 = 1 AND verification = 2) OR ($3 > 0 AND "
                 "state IN (1, 2, 5) AND tier <> $3)) ORDER BY complaint_id LIMIT $4">};

// Composed: head, then for $1 = '' everybody's, then a compiled filter from the first parameter
// that is free, then one of the two orders. $1: whose, $2: how many.
inline constexpr absl::string_view kListComplaintsName = "ListComplaints";
inline constexpr absl::string_view kListOfOne = "customer_id = $1";
inline constexpr absl::string_view kListOfAll = "$1 = ''";
// $3, $4, $5: before this record_time, customer_id and complaint_id.
inline constexpr absl::string_view kListNewestFirst =
    " AND (record_time, customer_id, complaint_id) < ($3, $4, $5) "
    "ORDER BY record_time DESC, customer_id DESC, complaint_id DESC LIMIT $2";
// $6: and after this rank.
inline constexpr absl::string_view kListMostUrgentFirst =
    " AND (priority_rank, record_time, customer_id, complaint_id) > ($6, $3, $4, $5) "
    "ORDER BY priority_rank, record_time, customer_id, complaint_id LIMIT $2";

inline constexpr sql::Statement kCountOpenComplaints{
    "CountOpenComplaints",
    "SELECT CAST(COUNT(*) AS BIGINT) FROM complaint WHERE customer_id = $1 "
    "AND state IN (1, 2, 5)"};

inline constexpr sql::Statement kInsertNumber{
    "InsertNumber",
    "INSERT INTO complaint_number (number, customer_id, complaint_id) VALUES ($1, $2, $3) "
    "ON CONFLICT (number) DO NOTHING"};

inline constexpr sql::Statement kSelectNumber{
    "SelectNumber", "SELECT customer_id, complaint_id FROM complaint_number WHERE number = $1"};

inline constexpr sql::Statement kInsertEntry{
    "InsertEntry",
    "INSERT INTO complaint_timeline (customer_id, complaint_id, entry_number, kind, actor, "
    "occur_time, record_time, text, previous_state, state, assignee_id, remedy_id, remedy_state, "
    "previous_priority_rank, priority_rank, verification, text_sealed) VALUES ($1, $2, $3, $4, $5, "
    "$6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)"};

// $1, $2: of which complaint, $3: after this entry, $4: how many.
inline constexpr sql::Statement kListEntries{
    "ListEntries",
    "SELECT entry_number, kind, actor, occur_time, record_time, text, previous_state, state, "
    "assignee_id, remedy_id, remedy_state, previous_priority_rank, priority_rank, verification, "
    "text_sealed "
    "FROM complaint_timeline WHERE customer_id = $1 AND complaint_id = $2 AND entry_number > $3 "
    "ORDER BY entry_number LIMIT $4"};

inline constexpr sql::Statement kUpsertRemedy{
    "UpsertRemedy",
    "INSERT INTO remedy (customer_id, complaint_id, remedy_id, kind, state, points, description, "
    "failure_reason, ledger_transaction_id, proposer, approver, create_time, update_time, "
    "description_sealed) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) "
    "ON CONFLICT (customer_id, complaint_id, remedy_id) DO UPDATE SET state = excluded.state, "
    "failure_reason = excluded.failure_reason, "
    "ledger_transaction_id = excluded.ledger_transaction_id, approver = excluded.approver, "
    "update_time = excluded.update_time"};

inline constexpr sql::Statement kSelectRemedies{
    "SelectRemedies",
    "SELECT remedy_id, kind, state, points, description, failure_reason, ledger_transaction_id, "
    "proposer, approver, create_time, update_time, description_sealed FROM remedy "
    "WHERE customer_id = $1 AND complaint_id = $2 ORDER BY remedy_id"};

}  // namespace clientele::complaints

#endif  // SERVICES_COMPLAINTS_STORE_SQL_COMPLAINT_H_
