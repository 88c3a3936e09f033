#include "services/segmentation/store/rfm_run_store.h"

#include <limits>

#include "common/status/macros.h"
#include "common/time/civil.h"
#include "services/segmentation/store/sql_rfm.h"

namespace clientele::segmentation {
namespace {

int64_t Number(RunNo run_no) { return static_cast<int64_t>(run_no); }

std::optional<absl::Time> OptionalTime(const sql::Row& row, int column) {
  return row.IsNull(column) ? std::nullopt
                            : std::optional<absl::Time>(absl::FromUnixMicros(row.Int64(column)));
}

std::string OptionalBytes(const sql::Row& row, int column) {
  return row.IsNull(column) ? "" : std::string(row.Blob(column));
}

RunRecord RunFromRow(const sql::Row& row) {
  RunRecord run;
  run.run_no = RunNo{row.Int64(0)};
  run.request.run_id = std::string(row.Text(1));
  run.request.model_id = std::string(row.Text(2));
  run.request.model_version = row.Int64(3);
  run.request.spec_bytes = std::string(row.Blob(4));
  run.request.as_of = DayFromNumber(row.Int64(5));
  run.request.as_of_time = absl::FromUnixMicros(row.Int64(6));
  run.request.forced = row.Int64(7) != 0;
  run.state = static_cast<RunState>(row.Int64(8));
  run.progress = {std::string(row.Text(9)), row.Int64(10), row.Int64(11)};
  run.cancel_requested = row.Int64(12) != 0;
  run.request.create_time = absl::FromUnixMicros(row.Int64(13));
  run.start_time = OptionalTime(row, 14);
  run.end_time = OptionalTime(row, 15);
  run.error_bytes = OptionalBytes(row, 16);
  run.result_bytes = OptionalBytes(row, 17);
  run.attempt_count = row.Int64(18);
  return run;
}

absl::StatusOr<std::optional<RunRecord>> QueryRun(sql::Tx& tx, const sql::Statement& statement,
                                                  absl::Span<const sql::Param> params) {
  std::optional<RunRecord> run;
  CLIENTELE_RETURN_IF_ERROR(tx.Query(statement, params, [&run](const sql::Row& row) {
    run = RunFromRow(row);
    return absl::OkStatus();
  }));
  return run;
}

absl::StatusOr<int64_t> QueryNumber(sql::Tx& tx, const sql::Statement& statement,
                                    absl::Span<const sql::Param> params) {
  int64_t number = 0;
  CLIENTELE_RETURN_IF_ERROR(tx.Query(statement, params, [&number](const sql::Row& row) {
    number = row.Int64(0);
    return absl::OkStatus();
  }));
  return number;
}

}  // namespace

absl::StatusOr<RunNo> InsertRun(sql::Tx& tx, const NewRun& run) {
  CLIENTELE_ASSIGN_OR_RETURN(const int64_t number, QueryNumber(tx, kTakeRunNo, {}));
  CLIENTELE_RETURN_IF_ERROR(
      tx.Execute(kInsertRfmRun,
                 {number, run.run_id, run.model_id, run.model_version, sql::Bytes{run.spec_bytes},
                  DayNumber(run.as_of), absl::ToUnixMicros(run.as_of_time),
                  int64_t{run.forced ? 1 : 0}, absl::ToUnixMicros(run.create_time)})
          .status());
  return RunNo{number};
}

absl::StatusOr<std::optional<RunRecord>> FindRun(sql::Tx& tx, absl::string_view run_id) {
  return QueryRun(tx, kSelectRfmRun, {run_id});
}

absl::StatusOr<std::optional<RunRecord>> FindLatestSucceededRun(sql::Tx& tx) {
  return QueryRun(tx, kSelectLatestSucceededRfmRun, {});
}

absl::StatusOr<std::optional<RunRecord>> FindNextRun(sql::Tx& tx) {
  return QueryRun(tx, kSelectNextRfmRun, {});
}

absl::StatusOr<int64_t> CountWaitingRuns(sql::Tx& tx) {
  return QueryNumber(tx, kCountWaitingRfmRuns, {});
}

absl::StatusOr<std::vector<RunRecord>> ListRuns(sql::Tx& tx, std::optional<RunNo> before,
                                                int64_t limit) {
  const int64_t before_number =
      before.has_value() ? Number(*before) : std::numeric_limits<int64_t>::max();
  std::vector<RunRecord> runs;
  CLIENTELE_RETURN_IF_ERROR(
      tx.Query(kSelectRfmRunPage, {before_number, limit}, [&runs](const sql::Row& row) {
        runs.push_back(RunFromRow(row));
        return absl::OkStatus();
      }));
  return runs;
}

absl::StatusOr<std::optional<int64_t>> TakeAttempt(sql::Tx& tx, RunNo run_no) {
  std::optional<int64_t> attempt;
  CLIENTELE_RETURN_IF_ERROR(
      tx.Query(kTakeRfmRunAttempt, {Number(run_no)}, [&attempt](const sql::Row& row) {
        attempt = row.Int64(0);
        return absl::OkStatus();
      }));
  return attempt;
}

absl::Status ReturnAttempt(sql::Tx& tx, RunNo run_no) {
  return tx.Execute(kReturnRfmRunAttempt, {Number(run_no)}).status();
}

absl::StatusOr<bool> BeginRun(sql::Tx& tx, RunNo run_no, absl::Time start_time,
                              absl::string_view spec_bytes) {
  CLIENTELE_ASSIGN_OR_RETURN(
      const int64_t changed,
      tx.Execute(kBeginRfmRun,
                 {Number(run_no), absl::ToUnixMicros(start_time), sql::Bytes{spec_bytes}}));
  return changed == 1;
}

absl::Status SaveProgress(sql::Tx& tx, RunNo run_no, const RunProgress& progress) {
  return tx
      .Execute(kUpdateRfmRunPhase,
               {Number(run_no), progress.phase, progress.done_count, progress.total_count})
      .status();
}

absl::Status RequestCancel(sql::Tx& tx, RunNo run_no) {
  return tx.Execute(kRequestRfmRunCancel, {Number(run_no)}).status();
}

absl::StatusOr<bool> IsCancelRequested(sql::Tx& tx, RunNo run_no) {
  CLIENTELE_ASSIGN_OR_RETURN(const int64_t requested,
                             QueryNumber(tx, kSelectCancelRequested, {Number(run_no)}));
  return requested != 0;
}

absl::StatusOr<bool> SucceedRun(sql::Tx& tx, RunNo run_no, absl::Time end_time,
                                absl::string_view result_bytes) {
  CLIENTELE_ASSIGN_OR_RETURN(
      const int64_t changed,
      tx.Execute(kSucceedRfmRun,
                 {Number(run_no), absl::ToUnixMicros(end_time), sql::Bytes{result_bytes}}));
  return changed == 1;
}

absl::Status FailRun(sql::Tx& tx, RunNo run_no, absl::Time end_time,
                     absl::string_view error_bytes) {
  return tx
      .Execute(kEndRfmRun, {Number(run_no), static_cast<int64_t>(RunState::kFailed),
                            absl::ToUnixMicros(end_time), sql::Bytes{error_bytes}})
      .status();
}

absl::Status CancelRun(sql::Tx& tx, RunNo run_no, absl::Time end_time) {
  return tx
      .Execute(kEndRfmRun, {Number(run_no), static_cast<int64_t>(RunState::kCancelled),
                            absl::ToUnixMicros(end_time), sql::kNull})
      .status();
}

}  // namespace clientele::segmentation
