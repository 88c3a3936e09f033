#ifndef SERVICES_SEGMENTATION_STORE_SQL_RFM_H_
#define SERVICES_SEGMENTATION_STORE_SQL_RFM_H_

// Every SQL statement on RFM models, runs and scores.

#include "common/sql/database.h"
#include "common/sql/text.h"

namespace clientele::segmentation {

// $2: the version, 0 = the latest.
inline constexpr sql::Statement kSelectRfmModel{
    "SelectRfmModel",
    "SELECT model_id, version, spec, create_time FROM rfm_model "
    "WHERE model_id = $1 AND ($2 = 0 OR version = $2) ORDER BY version DESC LIMIT 1"};

inline constexpr sql::Statement kInsertRfmModel{
    "InsertRfmModel",
    "INSERT INTO rfm_model (model_id, version, spec, create_time) VALUES ($1, $2, $3, $4) "
    "ON CONFLICT (model_id, version) DO NOTHING"};

// $1: after this model, $2: how many.
inline constexpr sql::Statement kSelectRfmModelPage{
    "SelectRfmModelPage",
    "SELECT m.model_id, m.version, m.spec, m.create_time FROM rfm_model m "
    "JOIN (SELECT model_id, MAX(version) AS version FROM rfm_model WHERE model_id > $1 "
    "GROUP BY model_id ORDER BY model_id LIMIT $2) latest "
    "ON m.model_id = latest.model_id AND m.version = latest.version ORDER BY m.model_id"};

inline constexpr sql::Statement kTakeRunNo{
    "TakeRunNo",
    "UPDATE rfm_run_counter SET last_run_no = last_run_no + 1 WHERE name = 'rfm_run' "
    "RETURNING last_run_no"};

inline constexpr sql::Statement kInsertRfmRun{
    "InsertRfmRun",
    "INSERT INTO rfm_run (run_no, run_id, model_id, model_version, spec, as_of_day, as_of_time, "
    "forced, state, attempt_count, phase, done_count, total_count, cancel_requested, create_time) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 1, 0, '', 0, 0, 0, $9)"};

// The columns of a run, everywhere in this order.
inline constexpr sql::Text kRfmRunHead =
    "SELECT run_no, run_id, model_id, model_version, spec, as_of_day, as_of_time, forced, state, "
    "phase, done_count, total_count, cancel_requested, create_time, start_time, end_time, error, "
    "result, attempt_count FROM rfm_run WHERE ";

inline constexpr sql::Statement kSelectRfmRun{"SelectRfmRun",
                                              sql::kTextOf<kRfmRunHead + "run_id = $1">};

inline constexpr sql::Statement kSelectLatestSucceededRfmRun{
    "SelectLatestSucceededRfmRun",
    sql::kTextOf<kRfmRunHead + "state = 3 ORDER BY run_no DESC LIMIT 1">};

// The next to work on: what a restart has interrupted, else what has waited longest.
inline constexpr sql::Statement kSelectNextRfmRun{
    "SelectNextRfmRun",
    sql::kTextOf<kRfmRunHead + "state = 1 OR state = 2 ORDER BY run_no LIMIT 1">};

// $1: before this run, $2: how many.
inline constexpr sql::Statement kSelectRfmRunPage{
    "SelectRfmRunPage", sql::kTextOf<kRfmRunHead + "run_no < $1 ORDER BY run_no DESC LIMIT $2">};

inline constexpr sql::Statement kCountWaitingRfmRuns{
    "CountWaitingRfmRuns",
    "SELECT CAST(COUNT(*) AS BIGINT) FROM rfm_run WHERE state = 1 OR state = 2"};

inline constexpr sql::Statement kSelectCancelRequested{
    "SelectCancelRequested", "SELECT cancel_requested FROM rfm_run WHERE run_no = $1"};

inline constexpr sql::Statement kTakeRfmRunAttempt{
    "TakeRfmRunAttempt",
    "UPDATE rfm_run SET attempt_count = attempt_count + 1 "
    "WHERE run_no = $1 AND (state = 1 OR state = 2) RETURNING attempt_count"};

inline constexpr sql::Statement kReturnRfmRunAttempt{
    "ReturnRfmRunAttempt",
    "UPDATE rfm_run SET attempt_count = attempt_count - 1 "
    "WHERE run_no = $1 AND (state = 1 OR state = 2) AND attempt_count > 0"};

inline constexpr sql::Statement kBeginRfmRun{
    "BeginRfmRun",
    "UPDATE rfm_run SET state = 2, start_time = $2, spec = $3, phase = '', done_count = 0, "
    "total_count = 0 WHERE run_no = $1 AND (state = 1 OR state = 2)"};

inline constexpr sql::Statement kUpdateRfmRunPhase{
    "UpdateRfmRunPhase",
    "UPDATE rfm_run SET phase = $2, done_count = $3, total_count = $4 "
    "WHERE run_no = $1 AND state = 2"};

inline constexpr sql::Statement kRequestRfmRunCancel{
    "RequestRfmRunCancel", "UPDATE rfm_run SET cancel_requested = 1 WHERE run_no = $1"};

// Only a run nobody has asked to cancel can succeed.
inline constexpr sql::Statement kSucceedRfmRun{
    "SucceedRfmRun",
    "UPDATE rfm_run SET state = 3, end_time = $2, result = $3, done_count = total_count "
    "WHERE run_no = $1 AND state = 2 AND cancel_requested = 0"};

// $2: the final state, $4: the error or NULL.
inline constexpr sql::Statement kEndRfmRun{
    "EndRfmRun",
    "UPDATE rfm_run SET state = $2, end_time = $3, error = $4 "
    "WHERE run_no = $1 AND (state = 1 OR state = 2)"};

inline constexpr sql::Statement kInsertRfmScore{
    "InsertRfmScore",
    "INSERT INTO rfm_score (run_no, customer_id, recency_days, frequency, revenue_minor, "
    "recency_score, frequency_score, monetary_score, segment_no) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"};

inline constexpr sql::Statement kDeleteRfmScores{
    "DeleteRfmScores",
    "DELETE FROM rfm_score WHERE run_no = $1 AND customer_id IN "
    "(SELECT customer_id FROM rfm_score WHERE run_no = $1 ORDER BY customer_id LIMIT $2)"};

inline constexpr sql::Statement kSelectRfmScore{
    "SelectRfmScore",
    "SELECT customer_id, recency_days, frequency, revenue_minor, recency_score, frequency_score, "
    "monetary_score, segment_no FROM rfm_score WHERE run_no = $1 AND customer_id = $2"};

// $2: after this customer, $3: how many.
inline constexpr sql::Statement kSelectRfmScorePage{
    "SelectRfmScorePage",
    "SELECT customer_id, recency_days, frequency, revenue_minor, recency_score, frequency_score, "
    "monetary_score, segment_no FROM rfm_score WHERE run_no = $1 AND customer_id > $2 "
    "ORDER BY customer_id LIMIT $3"};

inline constexpr sql::Statement kSelectRfmSegmentPage{
    "SelectRfmSegmentPage",
    "SELECT customer_id, recency_days, frequency, revenue_minor, recency_score, frequency_score, "
    "monetary_score, segment_no FROM rfm_score WHERE run_no = $1 AND segment_no = $4 "
    "AND customer_id > $2 ORDER BY customer_id LIMIT $3"};

}  // namespace clientele::segmentation

#endif  // SERVICES_SEGMENTATION_STORE_SQL_RFM_H_
