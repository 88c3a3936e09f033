#ifndef SERVICES_COMPLAINTS_STORE_SQL_WORK_H_
#define SERVICES_COMPLAINTS_STORE_SQL_WORK_H_

// Every SQL statement about what the jobs have to do.

#include "common/sql/database.h"

namespace clientele::complaints {

inline constexpr sql::Statement kInsertWork{
    "InsertRemedyWork",
    "INSERT INTO remedy_work (customer_id, complaint_id, remedy_id, phase, attempt_count, "
    "next_attempt_time, failure_reason) VALUES ($1, $2, $3, 1, 0, $4, '')"};

// The columns of a piece of work, everywhere in this order.
inline constexpr sql::Statement kSelectWork{
    "SelectRemedyWork",
    "SELECT customer_id, complaint_id, remedy_id, phase, attempt_count, next_attempt_time, "
    "failure_reason FROM remedy_work "
    "WHERE customer_id = $1 AND complaint_id = $2 AND remedy_id = $3"};

// $1: due by when, $2 and $3: after which WorkPlace, $4: how many.
inline constexpr sql::Statement kListDueWork{
    "ListDueRemedyWork",
    "SELECT customer_id, complaint_id, remedy_id, phase, attempt_count, next_attempt_time, "
    "failure_reason FROM remedy_work WHERE next_attempt_time <= $1 "
    "AND (next_attempt_time, remedy_id) > ($2, $3) "
    "ORDER BY next_attempt_time, remedy_id LIMIT $4"};

inline constexpr sql::Statement kSelectNextAttempt{
    "SelectNextRemedyAttempt",
    "SELECT next_attempt_time FROM remedy_work ORDER BY next_attempt_time LIMIT 1"};

// Changes nothing when somebody else was faster: $4 and $5 are phase and attempt_count as read.
inline constexpr sql::Statement kClaimWork{
    "ClaimRemedyWork",
    "UPDATE remedy_work SET attempt_count = $5 + 1, next_attempt_time = $6 "
    "WHERE customer_id = $1 AND complaint_id = $2 AND remedy_id = $3 AND phase = $4 "
    "AND attempt_count = $5"};

inline constexpr sql::Statement kPostponeWork{
    "PostponeRemedyWork",
    "UPDATE remedy_work SET next_attempt_time = $6 "
    "WHERE customer_id = $1 AND complaint_id = $2 AND remedy_id = $3 AND phase = $4 "
    "AND attempt_count = $5"};

inline constexpr sql::Statement kCompensateWork{
    "CompensateRemedyWork",
    "UPDATE remedy_work SET phase = 2, attempt_count = 0, next_attempt_time = $4, "
    "failure_reason = $5 WHERE customer_id = $1 AND complaint_id = $2 AND remedy_id = $3"};

inline constexpr sql::Statement kDeleteWork{
    "DeleteRemedyWork",
    "DELETE FROM remedy_work WHERE customer_id = $1 AND complaint_id = $2 AND remedy_id = $3"};

inline constexpr sql::Statement kInsertRepair{
    "InsertRepair",
    "INSERT INTO repair (customer_id) VALUES ($1) ON CONFLICT (customer_id) DO NOTHING"};

// $1: after this customer, $2: how many.
inline constexpr sql::Statement kListRepairs{
    "ListRepairs",
    "SELECT customer_id FROM repair WHERE customer_id > $1 ORDER BY customer_id LIMIT $2"};

inline constexpr sql::Statement kDeleteRepair{"DeleteRepair",
                                              "DELETE FROM repair WHERE customer_id = $1"};

// Complaints of $1 that still wait for an answer of profile, or of loyalty while they are open.
inline constexpr sql::Statement kCountUnrepaired{
    "CountUnrepaired",
    "SELECT CAST(COUNT(*) AS BIGINT) FROM complaint WHERE customer_id = $1 "
    "AND (verification = 2 OR (state IN (1, 2, 5) AND tier = 6))"};

inline constexpr sql::Statement kCountPending{
    "CountPending",
    "SELECT (SELECT CAST(COUNT(*) AS BIGINT) FROM repair), "
    "(SELECT CAST(COUNT(*) AS BIGINT) FROM remedy_work)"};

// Says the states as the index complaint_open_by_state does, so that only open ones are read.
inline constexpr sql::Statement kCountOpenByState{
    "CountOpenByState",
    "SELECT state, CAST(COUNT(*) AS BIGINT) FROM complaint WHERE state IN (1, 2, 5) "
    "GROUP BY state"};

}  // namespace clientele::complaints

#endif  // SERVICES_COMPLAINTS_STORE_SQL_WORK_H_
